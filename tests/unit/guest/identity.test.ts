import { describe, expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { confirmsIdentity, hostNameOf, identityScript } from '../../../src/guest/identity.ts';

describe('the hostname of a VM', () => {
  test.each([
    ['lab', 'lab'],
    ['Lab', 'lab'],
    ['ubuntu-24.04', 'ubuntu-24-04'],
    ['a_b.c', 'a-b-c'],
    ['end.', 'end'],
    ['_start', 'start'],
    ['möbel', 'm-bel'],
    ['two words', 'two-words'],
    ['x'.repeat(100), 'x'.repeat(63)],
    [`${'x'.repeat(62)}-y`, 'x'.repeat(62)],
    ['...', 'vm'],
    ['機械', 'vm'],
  ])('%s', (vm, name) => {
    expect(hostNameOf(vm)).toBe(name);
    expect(hostNameOf(name)).toBe(name);
  });
});

describe('the script that gives an identity', () => {
  const script = identityScript("o'brien");
  test('is bash, which runs nothing of a part of it', () => {
    expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    const part = script.slice(0, script.lastIndexOf('give_identity <'));
    const { status, stderr } = spawnSync('bash', ['-s'], { input: `touch() { :; }; ${part}`, encoding: 'utf8' });
    expect(status).not.toBe(0);
    expect(stderr).toContain('unexpected end of file');
  });
  test.skipIf(Bun.which('shellcheck') === null)('passes shellcheck', () => {
    expect(spawnSync('shellcheck', ['-'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' });
  });
});

test.each([
  [true, 'This is web-2 now, with a machine id and SSH host keys of its own\n'],
  [true, 'some line\nThis VM has an identity of its own already\n'],
  [false, ''],
  [false, 'This is no such line\n'],
])('confirmed: %p for %j', (isConfirmed, stdout) => {
  expect(confirmsIdentity(stdout)).toBe(isConfirmed);
});
