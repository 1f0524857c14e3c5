import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { dockerScript } from '../../../src/guest/docker-script.ts';
import { bashScript, constants } from '../../../src/guest/script.ts';

const FOLDER = join(import.meta.dir, '../../../src/guest/scripts');
const files = readdirSync(FOLDER, { encoding: 'utf8', recursive: true }).filter((name) => name.endsWith('.sh'));
const noShellcheck = Bun.which('shellcheck') === null;
setDefaultTimeout(300_000);

function bash(script: string): string {
  const { status, stdout, stderr } = spawnSync('bash', ['-s'], { input: script, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

describe.each(files)('scripts/%s', (file) => {
  test('is bash', () => {
    expect(spawnSync('bash', ['-n', join(FOLDER, file)], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });
  test.skipIf(noShellcheck)('passes shellcheck', () => {
    expect(spawnSync('shellcheck', [join(FOLDER, file)], { encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' });
  });
});

test('the way to sshd is Perl, without a warning', () => {
  expect(spawnSync('perl', ['-wc', join(FOLDER, 'to-sshd.pl')], { encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: expect.stringMatching(/^\S+ syntax OK\n$/),
  });
});

describe.each(['admin', "o'brien"])('the script that installs Docker for %s', (user) => {
  const script = dockerScript({ user, trace: true, now: 1_800_000_000, env: { https_proxy: "http://a'b:c@localhost" } });
  test('is bash', () => {
    expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });
  test.skipIf(noShellcheck)('passes shellcheck', () => {
    expect(spawnSync('shellcheck', ['-'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' });
  });
});

test('constants hold what they were given, whatever it is', () => {
  const words = ['plain', 'two words', "it's", '$(id)', '`id`', '*', '', 'back\\slash', 'new\nline', '~'];
  const given = { WORD: "a 'b' $c", NUMBER: 120, LIST: words, NONE: [] };
  const script = `${constants(given)}\nprintf '%s\\0' "$WORD" "$NUMBER" "\${#NONE[@]}" "\${LIST[@]}"`;
  expect(bash(script).split('\0').slice(0, -1)).toEqual(["a 'b' $c", '120', '0', ...words]);
  expect(spawnSync('bash', ['-c', `${constants({ WORD: 'a' })}; WORD=b`]).status).not.toBe(0);
});

test('parts become one script, without what they say to shellcheck as files', () => {
  const parts = ['# shellcheck shell=bash\n# Says a.\necho a\n', '\necho b\n\n'];
  expect(bashScript(parts)).toBe('#!/usr/bin/env bash\n\n# Says a.\necho a\n\necho b\n');
});
