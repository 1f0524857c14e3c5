import { expect, test } from 'bun:test';
import { belongingTo } from './processes.ts';

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
