import { describe, expect, test } from 'bun:test';
import { parseLeases } from '../../../src/tools/dhcp-leases.ts';

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
