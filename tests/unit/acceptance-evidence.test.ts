import { expect, test } from 'bun:test';
import { ledgerOf, type Result, uuidOf } from '../acceptance/evidence.ts';
import { signedProgram } from './release/program.ts';

const step = (argv: readonly string[], seconds: number) => ({
  argv,
  seconds,
  environment: {},
  exitCode: 0,
  signal: null,
  stdout: '',
  stderr: '',
});
const item = (number: number, ...steps: ReturnType<typeof step>[]): Result => ({
  ...{ number, title: '', verdict: 'pass', seconds: 0, notes: [], checks: [], steps },
});

test('the ledger tells what took longest, over all items, and leaves out what took no time', () => {
  const items = [
    item(1, step(['/a/rusta', 'up', 'x'], 4), step(['/a/rusta'], 0.2)),
    item(4, step(['/b/tart', 'list'], 1), step(['/a/rusta', 'create'], 90)),
  ];
  expect(ledgerOf(items)).toEqual([
    { item: 4, command: 'rusta create', seconds: 90 },
    { item: 1, command: 'rusta up x', seconds: 4 },
    { item: 4, command: 'tart list', seconds: 1 },
  ]);
});

test('the UUID is that of the program, where it is one for a Mac', () => {
  expect(uuidOf(signedProgram())).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
  expect(uuidOf(new TextEncoder().encode('#!/bin/sh\n'.repeat(9)))).toBe('none: not a 64-bit Mach-O file');
});
