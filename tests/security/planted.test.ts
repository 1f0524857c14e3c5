import { describe, expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UNWORDED } from '../e2e/rusta.ts';
import { ours } from '../e2e/state.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';

/** Where rusta writes, and a command that does. */
const PLACES: readonly (readonly [place: string, args: readonly string[]])[] = [
  ['run/lab.pid', ['up', 'lab']],
  ['run/lab.log', ['up', 'lab']],
  ['run/lab.lock', ['up', 'lab']],
  ['provision/new.sh', ['create', 'new']],
  ['provision/new.log', ['create', 'new']],
  ['state.lock', ['default', 'lab']],
  ['ssh-config.lock', ['docker-setup', 'lab']],
];
const PLANTS: Record<string, (path: string, mac: Mac) => void> = {
  'a link to a file': (path, mac) => symlinkSync(treasure(mac), path),
  'a link to nowhere': (path, mac) => symlinkSync(nowhere(mac), path),
  'a pipe': (path) => pipeAt(path),
  'a folder': (path) => void mkdirSync(path),
};
const TREASURE = 'not yours\n';
const treasure = (mac: Mac) => join(mac.home, 'treasure');
const nowhere = (mac: Mac) => join(mac.home, 'nowhere');

function pipeAt(path: string): void {
  expect(spawnSync('mkfifo', [path]).status).toBe(0);
}

async function planted(plant: string, place: string): Promise<Mac> {
  const mac = await createMac();
  writeFileSync(treasure(mac), TREASURE);
  const path = ours(mac, place);
  mkdirSync(dirname(path), { recursive: true });
  PLANTS[plant]?.(path, mac);
  await mac.addVm('lab');
  return mac;
}

describe.each(Object.keys(PLANTS))('%s in the place of', (plant) => {
  test.each(PLACES)('%s is replaced, or named in one error', async (place, args) => {
    await using mac = await planted(plant, place);
    const { code, stderr } = await mac.rusta(args);
    expect(readFileSync(treasure(mac), 'utf8')).toBe(TREASURE);
    expect(lstatSync(nowhere(mac), { throwIfNoEntry: false })).toBeUndefined();
    const now = lstatSync(ours(mac, place), { throwIfNoEntry: false });
    if (code === 0) {
      expect(now?.isFile() ?? true).toBe(true);
      return;
    }
    expect({ code, errors: stderr.match(/^\[error\] .*$/gm)?.length }).toEqual({ code: 1, errors: 1 });
    expect(stderr).toContain(`${ours(mac, place)} cannot be `);
    // Nothing was left running that nobody knows of.
    expect(mac.vm('lab').isRunning).toBe(false);
  });
});

/** What rusta reads: nobody waits for a pipe, and a folder is no file. */
const READ: readonly (readonly [path: string, args: readonly string[]])[] = [
  ['.local/share/rusta/state.toml', ['up']],
  ['.local/share/rusta/run/lab.log', ['logs', 'lab', '--run']],
  ['.ssh/id_ed25519', ['docker-setup', 'lab']],
];

describe.each(['a pipe', 'a folder'])('%s to be read as', (plant) => {
  test.each(READ)('%s is named in one error', async (place, args) => {
    await using mac = await createMac();
    const path = join(mac.home, place);
    mkdirSync(dirname(path), { recursive: true });
    PLANTS[plant]?.(path, mac);
    await mac.addVm('lab');
    const { code, stderr } = await mac.rusta(args);
    expect({ code, errors: stderr.match(/^\[error\] .*$/gm)?.length }).toEqual({ code: 1, errors: 1 });
    expect(stderr).toMatch(/EFTYPE|EISDIR|is a pipe/);
    expect(stderr).not.toMatch(UNWORDED);
  });
});
