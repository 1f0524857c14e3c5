import { expect, test } from 'bun:test';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { belongingTo, killAll, processesOf, untilAllEnd } from './processes.ts';
import { FLOCK_EXCLUSIVE, FLOCK_NO_WAIT, flock } from './standin/libc.ts';

const ROOT = '/tmp/mac-x';
const own = process.pid;
/** As Apple's `ps -axww -E -o pid=,ppid=,pgid=,command=` prints it: without the environment of Apple's own programs. */
const LISTING = `
    1     0     1 /sbin/launchd
 ${own}     1   400 bun test
  500 ${own}   400 /private/tmp/standin tart run lab SANDBOX=${ROOT} HOME=/x
  501   500   501 /bin/sh -c sleep 100
  502   501   501 sleep 100
  503     1   501 sleep 7
  504     1   504 /bin/cat ${ROOT}/home/x
  505   504   504 tail -f
  600     1   600 sleep 100
  601 ${own}   400 someone's editor
  602     1   602 other SANDBOX=${ROOT}y
`;

test('what shows no environment is found by its parent, and an orphan by its group; others are left alone', () => {
  expect(belongingTo(LISTING, [`SANDBOX=${ROOT} `, `${ROOT}/`]).sort()).toEqual([500, 501, 502, 503, 504, 505]);
});

test.skipIf(process.platform !== 'linux').each([
  ['killAll', killAll],
  ['untilAllEnd', untilAllEnd],
])('after %s the locks of those that were killed are free', async (_, untilNoneIsLeft) => {
  const root = mkdtempSync(join(tmpdir(), 'processes-'));
  const lock = join(root, 'lock');
  // It takes a while to give back so much memory, without which it has no environment any more, but its files.
  const script = `open(my $file, '>', '${lock}'); flock($file, 2); my $memory = 'x' x 300_000_000; print "ready\\n"; sleep 600;`;
  const child = Bun.spawn(['perl', '-e', `$| = 1; ${script}`], {
    env: { SANDBOX: root, PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await child.stdout.getReader().read();
  expect(processesOf(root)).toEqual([child.pid]);
  if (untilNoneIsLeft === untilAllEnd) child.kill('SIGKILL');
  await untilNoneIsLeft(root);
  expect(flock(openSync(lock, 'r'), FLOCK_EXCLUSIVE + FLOCK_NO_WAIT)).toBe(true);
  rmSync(root, { recursive: true });
});
