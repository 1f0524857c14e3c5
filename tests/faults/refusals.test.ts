/** Calls of the system that network shares, memory cards and odd file systems refuse, played by strace. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { RUSTA } from '../e2e/rusta.ts';
import { ours, readState } from '../e2e/state.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab');
});
afterEach(() => mac[Symbol.asyncDispose]());

const strace = findStrace();

/** undefined where it is missing, or may trace nobody, as in some containers. */
function findStrace(): string | undefined {
  const path = Bun.which('strace');
  if (path === null) return undefined;
  return Bun.spawnSync([path, '-o', '/dev/null', 'true'], { stdio: ['ignore', 'ignore', 'ignore'] }).exitCode === 0 ? path : undefined;
}

/** rusta, with some system call of its own refused; programs that it starts are spared. */
function refusing(injection: string, ...args: string[]) {
  return mac.run(strace ?? '', ['-f', '-qq', '-b', 'execve', '-o', '/dev/null', '-e', `inject=${injection}`, RUSTA, ...args]);
}

describe.skipIf(strace === undefined)('a file system (strace plays it)', () => {
  test.each(['ENOLCK', 'ENOSYS', 'EOPNOTSUPP'])('without locks, %s: said at once, with the folder', async (errno) => {
    const started = performance.now();
    for (const [args, folder] of [
      [['default', 'lab'], ours(mac, '').replace(/\/$/, '')],
      [['up', 'lab'], ours(mac, 'run')],
    ] as const) {
      const { code, stdout, stderr } = await refusing(`flock:error=${errno}`, ...args);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr.split('\n')[0]).toMatch(new RegExp(`^\\[error\\] ${folder} does not support locks \\((${errno}|ENOTSUP)\\)$`));
    }
    expect(performance.now() - started).toBeLessThan(9_000);
    expect(readState(mac)).toBeUndefined();
    expect(mac.vm('lab').isRunning).toBe(false);
  });

  test('whose lock is interrupted tries again', async () => {
    expect(await refusing('flock:error=EINTR:when=1..3', 'default', 'lab')).toMatchObject({ code: 0, stderr: '[ok] Default VM: lab\n' });
  });

  test.each(['EINVAL', 'EOPNOTSUPP', 'EIO', 'EACCES'])('that syncs no folder, %s: what is written is written', async (errno) => {
    expect(await refusing(`fsync:error=${errno}:when=2`, 'default', 'lab')).toMatchObject({ code: 0, stderr: '[ok] Default VM: lab\n' });
    expect(await mac.rusta(['default'])).toMatchObject({ code: 0, stdout: 'lab\n' });
  });

  test('that has no sync at all keeps the settings all the same', async () => {
    expect(await refusing('fsync:error=EINVAL', 'default', 'lab')).toMatchObject({ code: 0, stderr: '[ok] Default VM: lab\n' });
    expect(readFileSync(ours(mac, 'state.toml'), 'utf8')).toBe('default_vm = "lab"\n');
  });

  test('that cannot sync the content of a file is an error, and the old file stays', async () => {
    const { code, stderr } = await refusing('fsync:error=EIO:when=1', 'default', 'lab');
    expect({ code, stderr }).toEqual({ code: 1, stderr: `[error] ${ours(mac, 'state.toml')} cannot be written: EIO\n` });
    expect(readState(mac)).toBeUndefined();
  });

  test.each(['EOPNOTSUPP', 'EPERM', 'EINVAL'])('without modes, %s: nobody is kept from work', async (errno) => {
    expect(await refusing(`fchmod,chmod,fchmodat:error=${errno}`, 'default', 'lab')).toMatchObject({
      code: 0,
      stderr: '[ok] Default VM: lab\n',
    });
    expect(readState(mac)).toBe('default_vm = "lab"\n');
  });
});
