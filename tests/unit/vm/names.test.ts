import { describe, expect, test } from 'bun:test';
import { checkNewVmName, checkVmName, isPlainVmName } from '../../../src/vm/name.ts';
import { pickerLines } from '../../../src/vm/picker.ts';

describe('names of new VMs', () => {
  test.each(['lab', 'ubuntu-2404', 'A', '0', 'a.b_c-d', 'constructor', 'a'.repeat(255)])('%p is one', (name) => {
    expect(isPlainVmName(name)).toBe(true);
    expect(checkNewVmName(name)).toBe(name);
  });
  test.each(['', '.', '..', '-x', '.hidden', 'a b', 'a/b', 'a\nb', 'ü', "a'b", '$(x)', 'a'.repeat(256)])('%p is none', (name) => {
    expect(() => checkNewVmName(name)).toThrow('invalid VM name');
  });
});

describe('names of VMs that there are', () => {
  test.each(['lab', '.hidden', 'a b', 'a\nb', 'ü', "it's", '$(x)', '日本', 'a'.repeat(255)])('%p can be named', (name) => {
    expect(checkVmName(name)).toBe(name);
  });
  test.each(['', '.', '..', '-x', '--', 'a/b', 'a\0b', 'ü'.repeat(128)])('%p cannot', (name) => {
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
