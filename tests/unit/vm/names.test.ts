import { describe, expect, test } from 'bun:test';
import { checkVmName, isVmName } from '../../../src/vm/name.ts';
import { pickerLines } from '../../../src/vm/picker.ts';

describe('VM names', () => {
  test.each(['lab', 'ubuntu-2404', 'A', '0', 'a.b_c-d', 'constructor', 'a'.repeat(64)])('%p is one', (name) => {
    expect(isVmName(name)).toBe(true);
  });
  test.each(['', '.', '..', '-x', '.hidden', 'a b', 'a/b', 'a\nb', 'ü', "a'b", '$(x)', 'a'.repeat(65)])('%p is none', (name) => {
    expect(() => checkVmName(name)).toThrow('invalid VM name');
  });
});

test('the picker as spec 3.3 shows it', () => {
  expect(
    pickerLines([
      { name: 'ubuntu-2404', status: 'stopped' },
      { name: 'lab-22', status: 'running' },
    ]),
  ).toEqual(['  1) ubuntu-2404   (stopped)', '  2) lab-22        (running)']);
});
