import { describe, expect, test } from 'bun:test';
import { isTartRun } from '../../../src/tools/processes.ts';

describe('whose process is it', () => {
  const cases: [commandLine: string, ours: boolean][] = [
    ['tart run lab', true],
    ['/opt/homebrew/bin/tart run --no-graphics lab', true],
    ['/bin/sh /opt/homebrew/bin/tart run lab --no-graphics', true],
    ['/opt/homebrew/Cellar/tart/2.32.1/libexec/tart.app/Contents/MacOS/tart run --no-graphics lab', true],
    ['/Applications/My Tools/tart run lab', true],
    ['tart run lab-2', false],
    ['tart run other', false],
    ['tart exec lab true', false],
    ['tart stop lab', false],
    ['vim tart run', false],
    ['sleep 1000', false],
    ['start run lab', false],
    ['lab tart run', false],
    ['', false],
  ];
  test.each(cases)('%p: %p', (commandLine, ours) => {
    expect(isTartRun(commandLine, 'lab')).toBe(ours);
  });
});
