import { expect, test } from 'bun:test';
import { failureOf } from '../../../src/cli/failure-of.ts';
import { wantsJson } from '../../../src/cli/wants-json.ts';
import { Interrupted, RustaError, ToolError, UsageError } from '../../../src/errors.ts';
import { UNWORDED } from '../../e2e/rusta.ts';

const of = (error: unknown) => failureOf(error, 'https://example.org/rusta');
const readNothing = Object.assign(new Error('ENOENT: no such file, open x'), { code: 'ENOENT', syscall: 'open' });
// As Bun 1.4 throws it for what exceeds its buffer, without the name of a call.
const tooLong = Object.assign(new Error('ENAMETOOLONG: name too long, open x'), { code: 'ENAMETOOLONG', errno: -36 });

test.each([
  [new UsageError('wrong', 'up'), { code: 'usage', exit: 1, message: 'wrong', hint: "Run 'rusta up --help'." }],
  [new RustaError('vm_not_found', 'gone', { log: '/a' }), { code: 'vm_not_found', exit: 2, log: '/a' }],
  [new RustaError('login_refused', 'no', { exitCode: 5 }), { code: 'login_refused', exit: 5 }],
  [new ToolError('tart', "'tart' failed"), { code: 'program_failed', exit: 1 }],
  [new Interrupted('SIGTERM'), { code: 'interrupted', exit: 143, message: 'interrupted (SIGTERM)' }],
  [readNothing, { code: 'system_call_failed', exit: 1, message: 'a system call failed: ENOENT: no such file, open x', hint: undefined }],
  [tooLong, { code: 'system_call_failed', exit: 1, message: 'a system call failed: ENAMETOOLONG: name too long, open x', hint: undefined }],
  [new TypeError('x is not a function'), { code: 'bug', exit: 1, hint: expect.stringContaining('TypeError: x is not a function') }],
  ['thrown', { code: 'bug', exit: 1, hint: 'thrown' }],
] as const)('%s', (error, expected) => {
  expect(of(error)).toMatchObject(expected);
});

test('what the tests of commands take for a failure in no words of ours is what is said then', () => {
  for (const error of [new Error('x'), readNothing, tooLong]) expect(of(error).message).toMatch(UNWORDED);
});

test('a bug is to be reported', () => {
  expect(of(new Error('x')).message).toBe('this is a bug in rusta, please report it at https://example.org/rusta/issues');
});

test.each([
  ['list --json', true],
  ['--json', true],
  ['--json=yes list', true],
  ['ssh lab -- echo --json', false],
  ['ssh --json lab -- echo', true],
  ['--log x--json list', false],
  ['', false],
] as const)('%p asks for a document: %p', (line, wanted) => {
  expect(wantsJson(line.split(' '))).toBe(wanted);
});
