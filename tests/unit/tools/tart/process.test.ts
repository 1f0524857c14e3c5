import { describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isTartRun } from '../../../../src/tools/tart/process.ts';

describe('whose process is it', () => {
  const cases: [commandLine: string, ours: boolean][] = [
    ['tart run lab', true],
    ['/opt/homebrew/bin/tart run --no-graphics lab', true],
    ['/bin/sh /opt/homebrew/bin/tart run lab --no-graphics', true],
    ['/opt/homebrew/Cellar/tart/2.32.1/libexec/tart.app/Contents/MacOS/tart run --no-graphics lab', true],
    ['tart run --no-graphics --vnc lab --dir /shared', true],
    ['tart run --net-bridged=en0 --disk /a.img lab', true],
    ['/bin/bash -e /opt/homebrew/bin/tart run lab', true],
    ['tart run lab --no-graphics --dir share:/a b/tart run web:tag=rusta-0 --dir share:/c:ro,tag=rusta-1', true],
    ['tart run lab --dir share:/a b:tag=rusta-0 other', false],
    ['tart run web --dir share:/a lab:tag=rusta-0', false],
    ['tart run --net-bridged lab other', false],
    ['tart run lab other', false],
    ['tart run lab2 --dir /some folder/lab', false],
    ['sh -c sleep 100 # tart run lab', false],
    ['sh -c /opt/homebrew/bin/tart run lab', false],
    ['sh -ec tart run lab', false],
    ['vim tart run lab', false],
    ['vim bin/tart run lab', false],
    ['/usr/bin/vim /opt/homebrew/bin/tart run lab', false],
    ['/nowhere/a folder/tart run lab', false],
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

test('a path with spaces is one program if it exists', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rusta-'));
  mkdirSync(join(folder, 'My Tools'));
  writeFileSync(join(folder, 'My Tools/tart'), '');
  expect(isTartRun(`${folder}/My Tools/tart run --no-graphics lab`, 'lab')).toBe(true);
  expect(isTartRun(`${folder}/My Tools/tart run --no-graphics lab2`, 'lab')).toBe(false);
});
