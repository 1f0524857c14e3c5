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
