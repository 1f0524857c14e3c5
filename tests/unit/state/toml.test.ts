import { describe, expect, test } from 'bun:test';
import { formatToml, parseToml } from '../../../src/state/toml.ts';

const again = (text: string) => formatToml(parseToml(text)).trimEnd();

describe('a value is written as it was read', () => {
  test.each([
    ...['1', '-7', '9223372036854775807', '-9223372036854775808', '1.0', '-0.0', '0.0', '1.5', '6.02e+23', '1e+21', 'inf', '-inf', 'nan'],
    ...['1979-05-27T00:32:00.123456', '1979-05-27T00:32:00.123456789-07:00', '1979-05-27T07:32:00Z', '1979-05-27', '07:32:00.000001'],
    ...['"text"', 'true', '[ 1, 2.0, 3 ]', '[ [ 1.0 ], [ 07:32:00.123456 ] ]', '{ a = 1.0, b = { c = 1979-05-27 } }'],
  ])('%s', (value) => {
    const text = value.startsWith('{') ? '[k]\na = 1.0\n\n[k.b]\nc = 1979-05-27' : `k = ${value}`;
    expect(again(`k = ${value}`)).toBe(text);
    expect(again(again(`k = ${value}`))).toBe(text);
  });

  test.each([
    ['1e3', '1000.0'],
    ['0xff', '255'],
    ['1_000', '1000'],
    ['1979-05-27 00:32:00.120', '1979-05-27T00:32:00.12'],
    ['1979-05-27T07:32:00+00:00', '1979-05-27T07:32:00Z'],
    // Ten digits are more than anybody keeps.
    ['07:32:00.1234567891', '07:32:00.123'],
  ])('%s in another spelling', (value, text) => {
    expect(again(`k = ${value}`)).toBe(`k = ${text}`);
  });
});

test('what is no time is refused, not made one', () => {
  for (const value of ['23:59:60', '1979-02-30', '25:00:00', '1979-05-27T24:00:00']) expect(() => parseToml(`k = ${value}`)).toThrow();
});
