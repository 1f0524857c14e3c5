import { expect, test } from 'bun:test';
import { formatTable } from '../../../src/ui/table.ts';

test('columns as in spec 4.5', () => {
  const rows = [
    ['NAME', 'STATUS', 'DEFAULT'],
    ['ubuntu-2404', 'running', '*'],
    ['lab-22', 'stopped', ''],
  ];
  expect(formatTable(rows)).toBe('NAME          STATUS    DEFAULT\nubuntu-2404   running   *\nlab-22        stopped');
});

test.each([
  ['letters that take two cells', '\u65e5\u672c', 4],
  ['an emoji of five code points', '\u{1f469}\u200d\u{1f4bb}\ufe0f', 2],
  ['combining marks', 'u\u0308ber', 4],
  ['colours and a tab', '\u001b[31mred\u001b[0m\tone', 7],
  ['two lines', 'a\nb', 3],
])('%s are counted as they are shown', (_, name, cells) => {
  const [first, second] = formatTable([
    [name, 'running'],
    ['twelve cells', 'stopped'],
  ]).split('\n');
  expect(first?.split('running')[0]).toEndWith(' '.repeat(12 - cells + 3));
  expect(second).toBe('twelve cells   stopped');
});
