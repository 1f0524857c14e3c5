import { describe, expect, test } from 'bun:test';
import { parseFreeGb, parseLeases } from '../../../src/tools/macos.ts';

describe('dhcpd_leases', () => {
  test('blocks as macOS writes them', () => {
    const text = `{
	name=ubuntu
	ip_address=192.168.64.3
	hw_address=ff,f1:f5:dd:7f:0:2:0:0:ab:11
	identifier=ff,f1:f5:dd:7f:0:2:0:0:ab:11
	lease=0x678e2ce7
}
{
	ip_address=192.168.64.4
	hw_address=1,5e:a8:c0:1:2:3
	lease=0x10
}
`;
    expect(parseLeases(text)).toEqual([
      { address: '192.168.64.3', expires: 0x678e2ce7 },
      { address: '192.168.64.4', expires: 16 },
    ]);
  });

  test.each([
    ['', []],
    ['nonsense', []],
    ['{\n\tname=x\n}', []],
    ['{\n\tip_address=1.2.3.4\n}', []],
    ['{\n\tip_address=1.2.3.4\n\tlease=soon\n}', []],
  ])('%j tells nothing', (text, expected) => expect(parseLeases(text)).toEqual(expected));
});

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
