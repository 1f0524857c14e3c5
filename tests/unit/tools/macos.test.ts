import { describe, expect, test } from 'bun:test';
import { parseFreeGb } from '../../../src/tools/macos.ts';

describe('df -Pk', () => {
  const table = (row: string) => `Filesystem 1024-blocks Used Available Capacity  Mounted on\n${row}\n`;

  test.each([
    ['/dev/disk3s5   971350180 400000000 97656250    42%    /System/Volumes/Data', 100],
    ['/dev/disk7s1 100 50 50 50% /Volumes/My Disk 2', 50 * 1024e-9],
    ['//me@nas/share with blanks 2000 1000 1000 50% /Volumes/share with blanks', 1000 * 1024e-9],
    ['/dev/vda 100 105 -5 105% /', -5 * 1024e-9],
  ])('%s', (row, expected) => expect(parseFreeGb(table(row))).toBeCloseTo(expected, 12));

  test('what is no table gives no number', () => expect(parseFreeGb('df: nothing\n')).toBeUndefined());
});
