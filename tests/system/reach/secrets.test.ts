import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUSTA } from '../../e2e/rusta.ts';
import { readState } from '../../e2e/state.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { type DockerSite, openDockerSite } from '../docker/site.ts';
import { cannotRun, inGuest, rustaOk, STEP_MS, systemMac, TEST_MS } from '../guest.ts';
import { unlikelyPassword, watchCommandLines } from '../watch.ts';

setDefaultTimeout(TEST_MS);
const PASSWORD = unlikelyPassword();

/** Each command of a VM's life, where the password is one of the user's own. The steps build on one another. */
describe.skipIf(cannotRun())('a password is in no process list, trace or log', () => {
  let mac: Mac;
  let site: DockerSite;
  let runs = 0;
  beforeAll(async () => {
    mac = await systemMac();
    mkdirSync(join(mac.home, '.ssh'), { mode: 0o700 });
    writeFileSync(join(mac.home, '.ssh/id_mine'), 'a key\n');
  }, TEST_MS);
  afterAll(async () => {
    site?.[Symbol.dispose]();
    await mac?.[Symbol.asyncDispose]();
  });

  /** Runs it watched; the programs that it started and that were seen. */
  async function watched(...args: string[]): Promise<string[]> {
    runs += 1;
    const log = join(mac.root, `log${runs}`);
    const watch = watchCommandLines();
    const { code, stdout, stderr } = await mac.rusta(['--verbose', '--log', log, ...args], { timeoutMs: STEP_MS });
    const seen = watch.seen();
    expect({ args, code, stderr: code === 0 ? '' : stderr }).toEqual({ args, code: 0, stderr: '' });
    expect(stdout + stderr + readFileSync(log, 'utf8')).not.toContain(PASSWORD);
    // What the user typed on rusta's own command line is there by their own hand.
    expect(seen.filter((line) => line.includes(PASSWORD) && !line.startsWith(`${RUSTA} `))).toEqual([]);
    return seen;
  }

  test('create --password', async () => {
    const seen = await watched('create', 'lab', '--password', PASSWORD);
    // The watch would see it.
    expect(seen.filter((line) => line.includes(PASSWORD))).not.toEqual([]);
    expect(readState(mac)).toContain(PASSWORD);
    await rustaOk(mac, 'up', 'lab');
    // The image's own password is another one: make it so.
    const changed = await mac.rusta(['ssh', 'lab', '--password', 'admin', '--', 'sudo chpasswd'], {
      stdin: `admin:${PASSWORD}\n`,
      timeoutMs: STEP_MS,
    });
    expect(changed).toMatchObject({ code: 0 });
    site = await openDockerSite(mac, 'lab');
    expect(await inGuest(mac, 'lab', 'id -un')).toBe('root\n');
  });

  test('ssh', async () => {
    const seen = await watched('ssh', 'lab', '--', 'sleep 0.3');
    expect(seen.filter((line) => line.startsWith('sshpass -e ssh ') || line.includes('/sshpass -e ssh '))).not.toEqual([]);
    await watched('ssh', 'lab', '--password', PASSWORD, '--', 'sleep 0.3');
  });

  test('ssh-copy', async () => {
    const seen = await watched('ssh-copy', 'lab');
    expect(seen.filter((line) => line.includes('sshpass -e scp '))).not.toEqual([]);
  });

  test('docker-setup', async () => {
    const seen = await watched('docker-setup', 'lab');
    expect(seen.filter((line) => line.includes('sshpass -e ssh-copy-id '))).not.toEqual([]);
    expect(seen.filter((line) => line.includes('apt-get install'))).not.toEqual([]);
    await watched('docker-setup', 'lab');
  });
});
