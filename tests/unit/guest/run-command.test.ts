import { expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { parseCode, putStartScript, startCommand, startScript } from '../../../src/guest/run-command.ts';

const script = startScript({ TOKEN: "a'b\n$(id)", EMPTY: '' });

test('the script is bash, and sets the variables to what they are', () => {
  expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  const variables = script.slice(script.indexOf('set_variables'), script.indexOf('# Arguments'));
  const shown = spawnSync('bash', ['-c', `${variables}\nset_variables\nprintf '%s|%s' "$TOKEN" "$EMPTY"`], { encoding: 'utf8' });
  expect(shown.stdout).toBe("a'b\n$(id)|");
});

test.skipIf(Bun.which('shellcheck') === null)('the script passes shellcheck', () => {
  expect(spawnSync('shellcheck', ['-'], { input: startScript({ A: 'b c' }), encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' });
});

test('one word is a command line, several are passed as they are, as the user of the VM', () => {
  expect(startCommand({ user: 'admin', isAgents: true }, { folder: '', terminal: '' }, ['a && b'])).toEqual([
    'bash',
    '/run/rusta-run/start',
    '',
    '',
    'bash',
    '-c',
    '--',
    'a && b',
  ]);
  expect(startCommand({ user: 'admin', isAgents: true }, { folder: '/mnt/x', terminal: 'xterm' }, ['ls', 'a b'])).toEqual([
    'bash',
    '/run/rusta-run/start',
    '/mnt/x',
    'xterm',
    'ls',
    'a b',
  ]);
  expect(startCommand({ user: 'bob', isAgents: false }, { folder: '', terminal: '' }, ['id']).slice(0, 7)).toEqual([
    'sudo',
    '-n',
    '-H',
    '-u',
    'bob',
    '--',
    'bash',
  ]);
  expect(putStartScript('bob', 0).at(-1)).toContain('chown -R bob ');
});

test.each([
  ...Array.from({ length: 256 }, (_, code) => [`${code}\n`, code] as const),
  ['', undefined],
  ['cat: no such file\n', undefined],
  ['-1\n', undefined],
  ['7 8\n', undefined],
])('%j is the exit code %p', (stdout, code) => {
  expect(parseCode(stdout)).toBe(code);
});
