import { expect, test } from 'bun:test';
import { createMac } from '../../sandbox/mac.ts';
import { readState, writeState } from '../state.ts';

test('values that rusta does not know stay what they are when it writes the file again', async () => {
  await using mac = await createMac();
  await mac.addVm('lab');
  const own = [
    'whole = 1',
    'float = 1.0',
    'minus = -0.0',
    'large = 9223372036854775807',
    'time = 1979-05-27T00:32:00.123456',
    'zoned = 1979-05-27T00:32:00.000001-07:00',
    'list = [ 1, 2.0, 3.25 ]',
    '',
  ].join('\n');
  writeState(mac, own);
  expect(await mac.rusta(['default', 'lab'])).toMatchObject({ code: 0 });
  expect(readState(mac)).toBe(`${own}default_vm = "lab"\n`);
  expect(await mac.rusta(['set-gui', 'lab', 'on'])).toMatchObject({ code: 0 });
  expect(readState(mac)).toStartWith(`${own}default_vm = "lab"\n`);
});
