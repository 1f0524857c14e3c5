import { expect, test } from 'bun:test';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPaths } from '../../../src/state/paths.ts';
import { createPidFiles } from '../../../src/state/pid.ts';

const former = { mark: { inode: '1', born: 1, mac: undefined }, window: false, ready: true, owned: false, shares: [] };
const next = {
  mark: { inode: '2', born: 2, mac: undefined },
  window: false,
  ready: false,
  owned: true,
  shares: ['/a b:/mnt/a b:ro', '/c:/mnt/c'],
};

function fresh() {
  const paths = createPaths({ HOME: mkdtempSync(join(tmpdir(), 'rusta-')) });
  return { paths, pids: createPidFiles(paths) };
}

test('when a boot is announced, then the pid of a former VM of that name is not taken for the pid of this boot', () => {
  const { pids } = fresh();
  pids.write('lab', 4711, former);
  pids.announce('lab', next);
  expect(pids.read('lab')).toBeUndefined();
  expect(pids.announced('lab')).toEqual(next);
});

test('when the boot has got its pid, then it is no longer announced', () => {
  const { pids } = fresh();
  pids.announce('lab', next);
  pids.write('lab', 4712, next);
  expect(pids.announced('lab')).toBeUndefined();
  expect(pids.boot('lab', 4712)).toEqual(next);
});

test('when rusta is killed between its two writes, then the pid is known all the same', () => {
  const { pids, paths } = fresh();
  pids.announce('lab', next);
  writeFileSync(paths.boot('lab'), '4712 headless starting owned 2 2\n');
  expect(pids.read('lab')).toBe(4712);
});
