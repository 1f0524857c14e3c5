import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { printable, stripControl } from '../../../src/text/control.ts';
import { formatTable } from '../../../src/ui/table.ts';
import { check } from '../../fuzz/fuzz.ts';

describe('control sequences go, text stays', () => {
  const cases: [text: string, left: string][] = [
    ['\x1b[31mred\x1b[0m', 'red'],
    ['\x1b]0;title\x07text', 'text'],
    ['\x1b]8;;http://x\x1b\\link', 'link'],
    ['\x9b31mred', 'red'],
    ['\x9d0;title\x9ctext', 'text'],
    ['a\tb\r\nc\r', 'a\tb\nc\r'],
    ['\x1b\x1b[31m[2J', '[2J'],
    ['\x1b\x00[2J', '[2J'],
    ['\x1b\x9b0m[2J', '[2J'],
    ['ends in \x1b', 'ends in '],
    ['lab\u202egnp\u2069', 'labgnp'],
    ['del\x7f bell\x07 back\x08', 'del bell back'],
    ['é 日本 \u{1f600}', 'é 日本 \u{1f600}'],
  ];
  test.each(cases)('%j', (text, left) => {
    expect(stripControl(text)).toBe(left);
  });
});

test('whatever goes, nothing that is left makes up another sequence', () => {
  const piece = fc.constantFrom(
    '\x1b',
    '\x1b[',
    '\x9b',
    '\x9d',
    '\x1b]',
    '\x9c',
    '\x07',
    '\x00',
    '[2J',
    '31m',
    '\\',
    '\r',
    '\n',
    '\x7f',
    'a',
    ';',
    '\x1b\\',
    'ü',
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary' }),
  );
  check('control sequences', text, (raw) => {
    const left = printable(raw);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    expect(left).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
    expect(printable(left)).toBe(left);
  });
});

test('a cell of a table is one line', () => {
  expect(formatTable([['NAME'], ['a\n[ok] b\r\tc']])).toBe('NAME\na [ok] b  c');
});
