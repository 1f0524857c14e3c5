import { expect, test } from 'bun:test';
import { existsSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../../src/system/clock.ts';
import { acquireLock } from '../../../../src/system/files/lock.ts';
import { PATIENCE_MS } from '../../../sandbox/wait.ts';

const fresh = () => join(mkdtempSync(join(tmpdir(), 'rusta-')), 'run', 'lab.lock');

async function take(path: string, waitMs = 0) {
  const result = await acquireLock(path, systemClock, { purpose: 'rusta create lab', waitMs });
  if ('heldBy' in result) throw new Error(result.heldBy);
  return result.lock;
}

test('a second one is told who holds it', async () => {
  const path = fresh();
  using _ = await take(path);
  expect(await acquireLock(path, systemClock, { purpose: 'rusta up lab', waitMs: 0 })).toEqual({
    heldBy: `rusta create lab (pid ${process.pid})`,
  });
});

test('it can be taken again after its release, and one who waited knows it', async () => {
  const path = fresh();
  const first = await take(path);
  expect(first.waited).toBe(false);
  const second = take(path, PATIENCE_MS);
  first[Symbol.dispose]();
  expect((await second).waited).toBe(true);
});

test('a released lock names nobody: the next holder is not taken for the last one', async () => {
  const path = fresh();
  (await take(path))[Symbol.dispose]();
  expect(await Bun.file(path).text()).toBe('');
});

test('a discarded lock leaves no file, and does not let two in', async () => {
  const path = fresh();
  const first = await take(path);
  const second = take(path, PATIENCE_MS);
  first.discard();
  using held = await second;
  expect(held.waited).toBe(true);
  expect(await acquireLock(path, systemClock, { purpose: 'third', waitMs: 0 })).toHaveProperty('heldBy');
  held.discard();
  expect(existsSync(path)).toBe(false);
});

test('a dead holder holds nothing', async () => {
  const path = fresh();
  using _ = await take(path);
  _[Symbol.dispose]();
  const script = `
    import { acquireLock } from ${JSON.stringify(join(import.meta.dir, '../../../../src/system/files/lock.ts'))};
    import { systemClock } from ${JSON.stringify(join(import.meta.dir, '../../../../src/system/clock.ts'))};
    const result = await acquireLock(${JSON.stringify(path)}, systemClock, { purpose: 'victim', waitMs: 0 });
    console.log('lock' in result);
    process.kill(process.pid, 'SIGKILL');`;
  const child = Bun.spawn([process.execPath, '-e', script], { stdout: 'pipe' });
  expect(await child.stdout.text()).toBe('true\n');
  await child.exited;
  expect((await take(path)).waited).toBe(false);
});

test('a link planted in its place is not followed', async () => {
  const path = fresh();
  await take(path).then((lock) => lock.discard());
  writeFileSync(`${path}.target`, 'precious');
  symlinkSync(`${path}.target`, path);
  await expect(take(path)).rejects.toThrow('ELOOP');
  expect(await Bun.file(`${path}.target`).text()).toBe('precious');
});
