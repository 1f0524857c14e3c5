import { expect, test } from 'bun:test';
import { chmodSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ours } from '../e2e/state.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { TEST_MS } from '../sandbox/wait.ts';
import { startDecoy } from './decoy.ts';

const isRoot = process.getuid?.() === 0;

interface Place {
  readonly file: string;
  /** A file that is not rusta's. */
  readonly other: string;
  /** Of a process that is not rusta's. */
  readonly pid: number;
}

const text = (content: (pid: number) => string | Uint8Array) => (place: Place) => writeFileSync(place.file, content(place.pid));
const link = (target: (place: Place) => string) => (place: Place) => symlinkSync(target(place), place.file);

/** What may stand at run/lab.pid. Nothing of it is a process of rusta's. */
const CLAIMS: readonly { readonly what: string; readonly plant: (place: Place) => void }[] = [
  { what: 'garbage', plant: text(() => 'not a number\n') },
  { what: 'nothing', plant: text(() => '') },
  { what: 'a number without end', plant: text(() => '99999999999999999999\n') },
  { what: 'a negative number', plant: text((pid) => `-${pid}\n`) },
  { what: 'minus one', plant: text(() => '-1\n') },
  { what: '0', plant: text(() => '0\n') },
  { what: '1', plant: text(() => '1\n') },
  { what: 'text behind the number', plant: text((pid) => `${pid} tart\n`) },
  { what: 'two numbers', plant: text((pid) => `${pid}\n${pid}\n`) },
  { what: 'bytes that are no UTF-8', plant: text(() => new Uint8Array([0xff, 0xfe, 0x31, 0x00, 0x80])) },
  {
    what: 'a hundred megabytes',
    plant: ({ file, pid }) => {
      writeFileSync(file, `${pid}\n`);
      truncateSync(file, 100_000_000);
    },
  },
  { what: 'a link to a file elsewhere', plant: link(({ other }) => other) },
  { what: 'a link to nothing', plant: link(() => '/nowhere/at/all') },
  { what: 'a link to itself', plant: link(({ file }) => file) },
  { what: 'a link to zeros without end', plant: link(() => '/dev/zero') },
  { what: 'a pipe', plant: ({ file }) => void Bun.spawnSync(['mkfifo', file]) },
  {
    what: 'a link to a pipe',
    plant: ({ file }) => {
      Bun.spawnSync(['mkfifo', `${file}.pipe`]);
      symlinkSync(`${file}.pipe`, file);
    },
  },
  ...(isRoot ? [] : [{ what: 'a file that may not be read', plant: unreadable }]),
];

function unreadable({ file, pid }: Place): void {
  writeFileSync(file, `${pid}\n`);
  chmodSync(file, 0);
}

/** Puts it there, whatever was there before. */
function plant(mac: Mac, place: Place, how: (place: Place) => void): void {
  mkdirSync(ours(mac, 'run'), { recursive: true });
  for (const path of [place.file, `${place.file}.pipe`]) rmSync(path, { recursive: true, force: true });
  how(place);
}

test.concurrent.each(CLAIMS)(
  'when the pid file holds no pid of the VM ($what), then nobody is signalled, and up, down and delete work as always',
  async ({ plant: how }) => {
    await using mac = await createMac();
    using decoy = await startDecoy(mac, ['sh', '-c', 'SCRIPT']);
    await mac.addVm('lab');
    const place = { file: ours(mac, 'run/lab.pid'), other: join(mac.root, 'other'), pid: decoy.pid };
    writeFileSync(place.other, `${decoy.pid}\n`);
    const run = async (...args: string[]) => {
      plant(mac, place, how);
      const { code, stderr } = await mac.rusta(args, { timeoutMs: TEST_MS });
      expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
    };
    await run('up', 'lab');
    expect(lstatSync(place.file).isFile()).toBe(true);
    expect(readFileSync(place.file, 'utf8')).toBe(`${mac.vm('lab').runPid}\n`);
    await run('down', 'lab');
    await run('up', 'lab');
    await run('down', 'lab', '--force');
    await run('delete', 'lab', '--yes');
    expect(lstatSync(place.file, { throwIfNoEntry: false })).toBeUndefined();
    expect(readFileSync(place.other, 'utf8')).toBe(`${decoy.pid}\n`);
    expect(await decoy.signals()).toEqual([]);
  },
  TEST_MS,
);

test('when a folder stands in place of the pid file, then down works, and up says so and leaves nothing running', async () => {
  await using mac = await createMac();
  await mac.addVm('lab', { running: true });
  mkdirSync(ours(mac, 'run/lab.pid'), { recursive: true });
  expect(await mac.rusta(['down', 'lab'])).toMatchObject({ code: 0, stderr: '' });
  const up = await mac.rusta(['up', 'lab']);
  expect(up).toMatchObject({
    code: 1,
    stderr: `[error] ${ours(mac, 'run/lab.pid')} cannot be written: EISDIR (it is a folder)\nMove away what stands in its place, then try again.\n`,
  });
  expect(mac.vm('lab').isRunning).toBe(false);
  rmSync(ours(mac, 'run/lab.pid'), { recursive: true });
  expect(await mac.rusta(['up', 'lab'])).toMatchObject({ code: 0, stderr: '' });
});
