import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkAnswer, type Document } from '../../sandbox/mac/documents.ts';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import type { RunOptions } from '../../sandbox/spawn.ts';
import { waitUntil } from '../../sandbox/wait.ts';
import { RUSTA, SIGNAL_CODES, SIGNALS } from '../rusta.ts';
import { ours, writeState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

/** How a command failed; `mac.rusta` has checked the document, and that it tells rusta's own exit code. */
async function failure(args: readonly string[], options?: RunOptions) {
  const { stdout } = await mac.rusta(args, options);
  const document: Document = JSON.parse(stdout);
  expect(document).toEqual({ schema: 1, ok: false, error: expect.anything() });
  return document.error;
}

describe('bad usage, before anything is started', () => {
  test.each([
    [['--json'], 'a command is required', ['rusta --help']],
    [['frobnicate', '--json'], "unknown command 'frobnicate'", ['rusta --help']],
    [['lst', '--json'], "unknown command 'lst'", ['rusta --help']],
    [['--json', 'up', '--bogus'], "unknown flag '--bogus'", ['rusta up --help']],
    [['up', '--json', '--json'], "flag '--json' is given twice", ['rusta up --help']],
    [['up', '--json=yes'], "flag '--json' takes no value, but got 'yes'", ['rusta up --help']],
    [['delete', '--json'], 'VM name is required', ['rusta delete --help']],
    [['ssh', '--json', 'lab'], "with '--json' a command to run on the VM is needed, after '--'", ['rusta ssh --help']],
    [['logs', '-f', '--json'], "flags '--follow' and '--json' exclude each other", ['rusta logs --help']],
    [['completions', 'zsh', '--json'], "'rusta completions' has no --json", ['rusta completions --help']],
    [['create', '--json'], 'VM name is required: stdin is not a TTY to ask on', ['rusta create ubuntu-2404']],
  ])('%j', async (args, message, next) => {
    expect(await failure(args)).toMatchObject({ exit: 1, message, next });
    expect(mac.calls()).toEqual([]);
  });

  test('behind -- it belongs to the command in the guest', async () => {
    await mac.addVm('lab', { running: true });
    expect(await mac.rusta(['ssh', 'lab', '--', 'echo', '--json'])).toMatchObject({ code: 0, stdout: '--json\n' });
  });
});

test.each([
  ['my vm', 'rusta up my\\ vm'],
  ["it's", "rusta up it\\'s"],
  ['a$(id);b', 'rusta up a\\$\\(id\\)\\;b'],
])('the next command for VM %s can be typed as it is', async (vm, next) => {
  await mac.addVm(vm);
  expect(await failure(['ip', '--json', vm])).toMatchObject({ hint: `Start it with '${next}'.`, next: [next] });
  expect(await mac.run('/bin/sh', ['-c', next.replace('rusta', '"$0"'), RUSTA])).toMatchObject({ code: 0 });
  expect(mac.vm(vm).isRunning).toBe(true);
});

test('a VM that is not there', async () => {
  await mac.addVm('lab');
  expect(await failure(['up', '--json', 'lap'])).toEqual({
    code: 'vm_not_found',
    exit: 2,
    message: "VM 'lap' not found",
    hint: "Did you mean 'lab'? Run 'rusta list' to see the VMs.",
    next: ['rusta list'],
    log: null,
  });
});

test('no question is asked', async () => {
  await mac.addVm('lab');
  expect(await failure(['up', '--json'])).toMatchObject({ code: 'vm_not_chosen', exit: 2 });
  expect(await failure(['delete', 'lab', '--json'])).toMatchObject({ code: 'not_a_terminal', exit: 1 });
});

test('a program that is missing on the host', async () => {
  mac.without('brew');
  expect(await failure(['list', '--json'])).toMatchObject({ code: 'program_missing', exit: 1 });
});

test('a HOME that cannot be used', async () => {
  expect(await failure(['list', '--json'], { env: { HOME: 'x' } })).toMatchObject({ code: 'environment_invalid', exit: 1 });
});

test('a wait that comes to its end names the log, and what else was said is JSON too', async () => {
  await mac.addVm('lab');
  mac.configure({ behavior: { agent: 'never' } });
  const { code, stdout, stderr } = await mac.rusta(['up', 'lab', '--json', '--verbose'], { env: { RUSTA_AGENT_TIMEOUT: '1' } });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'timed_out', log: ours(mac, 'run/lab.log') } });
  const events = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events).toContainEqual(expect.objectContaining({ event: 'trace', message: expect.stringContaining('tart run') }));
  expect(events).toContainEqual({
    event: 'progress',
    title: "Starting VM 'lab' (headless)",
    state: 'started',
    step: null,
    of: null,
    elapsed_ms: expect.any(Number),
  });
});

test('the steps of the set-up are numbered', async () => {
  mac.configure({ faults: [{ program: 'guest:apt-get', args: ['-y'], do: 'exit', code: 100, stderr: 'E: broken' }] });
  const { stdout, stderr } = await mac.rusta(['create', 'lab', '--json']);
  const document: Document = JSON.parse(stdout);
  expect(document.error).toMatchObject({ code: 'provisioning_failed', log: ours(mac, 'provision/lab.log') });
  expect(document.error?.next).toEqual(['rusta create lab --resume']);
  const events = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events).toContainEqual(expect.objectContaining({ event: 'progress', step: 1, of: expect.any(Number) }));
});

describe('what ssh itself says', () => {
  test('a refused password ends with 5, as without --json', async () => {
    await mac.addVm('lab', { running: true });
    const args = ['ssh', 'lab', '--password', 'wrong', '--json', '--', 'true'];
    expect(await failure(args)).toMatchObject({ code: 'login_refused', exit: 5, message: "VM 'lab' refused the password of user 'admin'" });
  });

  test('a server that does not answer ends with 255', async () => {
    mac.configure({ behavior: { ssh: 'never' } });
    await mac.addVm('lab', { running: true });
    const { code, stdout } = await mac.rusta(['ssh', 'lab', '--json', '--', 'true'], { env: { RUSTA_SSH_TIMEOUT: '1' } });
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { exit: code } });
  });
});

test.each(SIGNALS)('%s is a failure of its own', async (signal) => {
  await mac.addVm('lab', { running: true });
  const rusta = mac.start(RUSTA, ['ssh', '--json', 'lab', '--', 'sleep 60']);
  await waitUntil('ssh to start', () => mac.calls('ssh').length > 0);
  rusta.kill(signal);
  const ended = await rusta.exited;
  expect(ended.code).toBe(SIGNAL_CODES[signal]);
  checkAnswer(['ssh', '--json', 'lab'], ended);
  expect(JSON.parse(ended.stdout)).toMatchObject({ ok: false, error: { code: 'interrupted', exit: SIGNAL_CODES[signal] } });
});

test('a state file that is not valid', async () => {
  writeState(mac, 'default_vm = [');
  expect(await failure(['default', '--json'])).toMatchObject({ code: 'state_invalid', exit: 1 });
});

test('a disk that is full gets no document, and stderr says so', async () => {
  const full = openSync('/dev/full', 'w');
  const child = Bun.spawn([RUSTA, 'source', '--json'], { env: { ...mac.env }, stdio: ['ignore', full, 'pipe'] });
  const stderr = await child.stderr.text();
  expect(await child.exited).toBe(1);
  expect(JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
    event: 'error',
    message: expect.stringContaining('standard output'),
  });
});

test('--log has the lines and the document', async () => {
  const log = join(mac.home, 'run.log');
  const { stdout, stderr } = await mac.rusta(['source', '--json', '--log', log]);
  expect(readFileSync(log, 'utf8')).toBe(`Logging all output to ${log}\n${stderr.split('\n').slice(1).join('\n')}${stdout}`);
});

test('nothing in a document acts on a terminal', async () => {
  await mac.addVm('lab', { running: true });
  const { stdout } = await mac.rusta(['ssh', 'lab', '--json', '--', "printf '\\033[31m\\302\\2331m\\177'"]);
  expect(stdout).toContain('\\u001b[31m\\u009b1m\\u007f');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(stdout.trimEnd()).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
});
