import { expect, test } from 'bun:test';
import { join } from 'node:path';
import fc from 'fast-check';
import { textWidth } from '../../src/system/terminal/text-width.ts';
import { asWord, quote } from '../../src/text/shell.ts';
import { fitLine } from '../../src/ui/live-line.ts';
import { formatTable } from '../../src/ui/table.ts';
import { pickerLines } from '../../src/vm/picker.ts';
import { anyWord, check, sample } from './fuzz.ts';

/** Letters that terminals show in one, two and no cells, alone and as parts of one picture. */
const letters = fc.constantFrom(
  ...[
    'a',
    ' ',
    '\u00e9',
    'u\u0308',
    '\u65e5',
    '\uff21',
    '\u{1f600}',
    '\u{1f469}\u200d\u{1f4bb}',
    '\u{1f1e9}\u{1f1ea}',
    '\u200b',
    '\u0301',
    '\ufe0f',
    '\u202e',
  ],
  ...['\t', '\n', '\r', '\x1b[31m', '\x1b', '\x9b', '\x07'],
);
const text = fc.oneof(
  fc.array(letters, { maxLength: 12 }).map((parts) => parts.join('')),
  anyWord,
);
/** A mark that nothing before it can swallow. */
const MARK = '|';

test('columns of a table begin in the same cell in every row', () => {
  const cell = text.map((content) => content.replaceAll(MARK, ''));
  check('table', fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 }), (rows) => {
    const lines = formatTable(rows.map(([left, right]) => [left, MARK + right, MARK])).split('\n');
    expect(lines.length).toBe(rows.length);
    for (const at of [/^[^|]*/, /^[^|]*\|[^|]*/]) {
      expect(new Set(lines.map((line) => textWidth(at.exec(line)?.[0] ?? ''))).size).toBe(1);
    }
  });
});

test('the states in the picker stand in one column', () => {
  check('picker', fc.array(text, { minLength: 1, maxLength: 12 }), (names) => {
    const lines = pickerLines(names.map((name) => ({ name, status: 'stopped' })));
    expect(new Set(lines.map(textWidth)).size).toBe(1);
    for (const line of lines) expect(line).toEndWith('   (stopped)');
  });
});

test('a live line never fills the terminal', () => {
  check('live line', fc.tuple(text, text, fc.integer({ min: 2, max: 200 })), ([title, detail, columns]) => {
    const { head, detail: rest } = fitLine({ time: '1 min 05 s', title, detail }, columns);
    expect(textWidth(`==> ${head}${rest}`)).toBeLessThanOrEqual(Math.max(4, columns - 1));
  });
});

test.each([
  ['quotes', quote],
  ['backslashes', asWord],
])('what a shell makes of a word with %s is the word', (_, write) => {
  const words = sample('quote', fc.oneof(anyWord, text, fc.string({ unit: 'grapheme', maxLength: 20 })), 10_000).map((word) =>
    word.replaceAll('\0', '').toWellFormed(),
  );
  for (const shell of ['sh', 'bash', 'zsh', 'dash']) {
    const path = Bun.which(shell);
    if (path === null) continue;
    const { stdout, stderr, exitCode } = Bun.spawnSync([path, '-s'], {
      stdin: Buffer.from(`printf '%s\\0' ${words.map(write).join(' ')}\n`),
    });
    expect({ shell, exitCode, stderr: stderr.toString() }).toEqual({ shell, exitCode: 0, stderr: '' });
    expect(stdout.toString().split('\0').slice(0, -1)).toEqual(words);
  }
});

test('what bash makes of a candidate is the candidate, in a quote that is open too', () => {
  const script = join(import.meta.dir, '../../src/cli/completion/scripts/rusta.bash');
  const words = sample('candidates', fc.oneof(anyWord, text, fc.string({ unit: 'grapheme', maxLength: 20 })), 10_000)
    .map((word) => word.replaceAll(/[\0\n]/g, '').toWellFormed())
    .filter((word) => word !== '');
  const loop = `
    . "$1"
    typed=
    while IFS= read -r -d '' word; do
      for open in '' '"' "'"; do
        _rusta_quote "$word"
        eval "printf '%s\\0' $open$quoted$open"
        _rusta_unquote "$open$quoted"
        printf '%s\\0' "$plain"
      done
    done`;
  const { stdout, stderr, exitCode } = Bun.spawnSync(['bash', '--norc', '-c', loop, 'bash', script], {
    stdin: Buffer.from(words.map((word) => `${word}\0`).join('')),
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' },
  });
  expect({ exitCode, stderr: stderr.toString() }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout.toString().split('\0').slice(0, -1)).toEqual(words.flatMap((word) => Array.from({ length: 6 }, () => word)));
}, 300_000);
