import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { processesOf } from '../../sandbox/processes.ts';
import type { RunOptions } from '../../sandbox/spawn.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { TEST_MS, waitUntil } from '../../sandbox/wait.ts';
import { RUSTA, SIGNAL_CODES, SIGNALS } from '../rusta.ts';
import { commands, readState, writeState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('base');
});
afterEach(() => mac[Symbol.asyncDispose]());

const run = (words: readonly string[], options: RunOptions = {}, flags: readonly string[] = []) =>
  mac.rusta(['run', '--from', 'base', ...flags, '--', ...words], options);
const vms = async () => (await mac.run('tart', ['list', '--quiet', '--source', 'local'])).stdout.trim().split('\n');
/** No VM but those of the user, no process, no record. */
async function checkNothingLeft(): Promise<void> {
  await waitUntil('the end of all processes', () => processesOf(mac.root).length === 0);
  expect(await vms()).toEqual(['base']);
  expect((readState(mac) ?? '').trim()).toBe('');
}

describe('a command in a throw-away VM', () => {
  test('has its own stdout, stderr and exit code, and nothing is left', async () => {
    const { code, stdout, stderr } = await run(['echo out; echo err >&2; exit 7']);
    expect({ code, stdout, stderr: stderr.replaceAll(/run-[0-9a-f]{8}/g, 'run-x') }).toEqual({
      code: 7,
      stdout: 'out\n',
      stderr: "==> Copying VM 'base'\n==> Starting VM 'run-x'\nerr\n",
    });
    await checkNothingLeft();
    // Neither ssh nor an address.
    expect(mac.calls().filter(({ program, args }) => program.startsWith('ssh') || args[0] === 'ip')).toEqual([]);
  });

  test('runs in a copy, at home, as the user of the image', async () => {
    writeFileSync(join(mac.vm('base').guest, 'home/admin/of-base'), 'kept\n');
    expect(await run(['cat of-base; echo changed > of-base; whoami'])).toMatchObject({ code: 0, stdout: 'kept\nadmin\n' });
    expect(readFileSync(join(mac.vm('base').guest, 'home/admin/of-base'), 'utf8')).toBe('kept\n');
  });

  test('several words keep their boundaries, one is a command line', async () => {
    expect(await run(['printf', '[%s]', 'a b', '$HOME', '', "it's"])).toMatchObject({ code: 0, stdout: "[a b][$HOME][][it's]" });
    expect(await run(['printf "[%s]" a b'])).toMatchObject({ code: 0, stdout: '[a][b]' });
  });

  test.each([
    [['exit 0'], 0],
    [['exit 255'], 255],
    [['exit', '3'], 127],
    [['no-such-program'], 127],
    [['-x'], 127],
    [['+e'], 127],
    [['no-such-program', 'x'], 127],
    [['/etc/hostname', 'x'], 126],
    [['kill -9 $$'], 137],
    [['kill -TERM $$'], 143],
    [['kill -INT $$'], 130],
  ])('%j ends with %i', async (words, code) => {
    expect((await run(words)).code).toBe(code);
    expect(await vms()).toEqual(['base']);
  });

  test('exit codes come through, those of Tart and of shells too', async () => {
    const codes = [1, 2, 5, 64, 100, 124, 126, 127, 128, 129, 130, 137, 141, 143, 200, 254];
    const ends = await Promise.all(codes.map(async (code) => (await run([`exit ${code}`], { timeoutMs: TEST_MS })).code));
    expect(ends).toEqual(codes);
  }, 120_000);

  test('an exit code that Tart loses is known all the same', async () => {
    mac.configure({ behavior: { losesExit: true } });
    expect((await run(['exit 7'])).code).toBe(7);
  });

  test('it gets stdin, and 50 MB of any bytes come back as they were', async () => {
    const bytes = new Uint8Array(50 * 1024 * 1024);
    for (let at = 0; at < bytes.length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
    writeFileSync(join(mac.home, 'in'), bytes);
    const sum = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
    for (const line of [`"${RUSTA}" run --from base -- cat < in > out`, `cat in | "${RUSTA}" run --from base -- cat | cat > out`]) {
      expect(await mac.run('/bin/bash', ['-o', 'pipefail', '-c', line], { timeoutMs: TEST_MS, cwd: mac.home })).toMatchObject({ code: 0 });
      expect(sum(readFileSync(join(mac.home, 'out')))).toBe(sum(bytes));
    }
  }, 120_000);

  test('--env hands on what is set here, in no argument list and no log', async () => {
    const env = { TOKEN: "s3cret'\n$(id)", EMPTY: '' };
    const log = join(mac.home, 'run.log');
    const flags = ['--env', 'TOKEN', '--env', 'EMPTY', '--verbose', '--log', log];
    const { code, stdout, stderr } = await run(
      ['printf "%s|" "$TOKEN" "$EMPTY"; env | grep -c OTHER'],
      { env: { ...env, OTHER: 'x' } },
      flags,
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: `${env.TOKEN}||0\n` });
    const shown = [stderr, ...mac.calls().map(({ args }) => args.join(' '))].join('\n');
    expect(shown).not.toContain('s3cret');
    expect(readFileSync(log, 'utf8').replace(stdout, '')).not.toContain('s3cret');
  });

  test('--timeout ends it with 124', async () => {
    const { code, stderr } = await run(['echo begun; sleep 600'], {}, ['--timeout', '1s']);
    expect({ code, stderr }).toMatchObject({ code: 124, stderr: expect.stringContaining('[warn] the command did not end within 1 s\n') });
    await checkNothingLeft();
    expect((await run(['exit 3'], {}, ['--timeout', '10m'])).code).toBe(3);
  });

  test('a guest that goes off amid the command is told', async () => {
    const { code, stderr } = await run(['sudo poweroff; sleep 100']);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nobody knows how the command ended: the guest went away'),
    });
    await checkNothingLeft();
  });

  test('a reader that goes ends it', async () => {
    const line = `"${RUSTA}" run --from base -- yes | head -1; echo "\${PIPESTATUS[0]}"`;
    expect(await mac.run('/bin/bash', ['-c', line], { timeoutMs: TEST_MS })).toMatchObject({ stdout: 'y\n141\n' });
    await checkNothingLeft();
  });
});

describe('on a terminal', () => {
  test('the command has one, and Ctrl-C ends it and not the clean-up', async () => {
    await using terminal = openTerminal(
      mac,
      RUSTA,
      ['run', '--from', 'base', '--', 'test -t 0 && test -t 1 && echo "on $TERM"; sleep 600'],
      {
        env: { TERM: 'xterm-256color' },
      },
    );
    await terminal.waitFor('on xterm-256color');
    terminal.press('ctrl-c');
    expect((await terminal.exited).code).toBe(130);
    await checkNothingLeft();
  });

  test('with its output piped there is none', async () => {
    const line = `"${RUSTA}" run --from base -- 'test -t 1 || echo piped' | cat`;
    await using terminal = openTerminal(mac, '/bin/sh', ['-c', line]);
    await terminal.waitFor('piped');
    expect((await terminal.exited).code).toBe(0);
  });
});

describe.each(SIGNALS)('%s', (signal) => {
  test('amid the command ends it, and nothing is left', async () => {
    const started = mac.start(RUSTA, ['run', '--from', 'base', '--', 'echo begun; sleep 600']);
    await started.waitFor('begun');
    started.kill(signal);
    const { code, stderr } = await started.exited;
    expect({ code, stderr }).toMatchObject({ code: SIGNAL_CODES[signal], stderr: expect.stringContaining(`interrupted (${signal})`) });
    await checkNothingLeft();
  });

  test('while it boots ends it, and nothing is left', async () => {
    mac.configure({ behavior: { agent: 'never' } });
    const started = mac.start(RUSTA, ['run', '--from', 'base', '--', 'true']);
    await started.waitFor('Starting VM');
    started.kill(signal);
    expect((await started.exited).code).toBe(SIGNAL_CODES[signal]);
    await checkNothingLeft();
  });
});

describe('--keep', () => {
  test('leaves the VM running, and says how to get in and rid of it', async () => {
    const { code, stderr } = await run(['exit 4'], {}, ['--keep']);
    const [, vm = ''] =
      /^VM '(run-[0-9a-f]{8})' stays: 'rusta ssh \1' gets in, 'rusta delete \1 --force-running' removes it$/m.exec(stderr) ?? [];
    expect({ code, running: mac.vm(vm).isRunning }).toEqual({ code: 4, running: true });
    // An ordinary VM, with an identity of its own.
    expect(readFileSync(join(mac.vm(vm).guest, 'etc/hostname'), 'utf8')).toBe(`${vm}\n`);
    expect((await run(['true'])).code).toBe(0);
    expect(mac.vm(vm).isRunning).toBe(true);
    expect(await mac.rusta(['ssh', vm, '--', 'true'])).toMatchObject({ code: 0 });
    expect(await mac.rusta(['delete', vm, '--force-running', '--yes'])).toMatchObject({ code: 0 });
    await checkNothingLeft();
  });

  test('a guest that switched itself off is kept, and off', async () => {
    const { code, stderr } = await run(['sudo poweroff; sleep 100'], {}, ['--keep']);
    const [vm = ''] = /run-[0-9a-f]{8}/.exec(stderr) ?? [];
    expect({ code, exists: mac.vm(vm).exists }).toEqual({ code: 1, exists: true });
    await waitUntil('it to be off', () => !mac.vm(vm).isRunning);
  });
});

describe('what a killed run has left', () => {
  const orphan = (state: string) => writeState(mac, state);

  test('is removed by the next run, running or not, or only on record', async () => {
    await mac.addVm('run-00000001');
    await mac.addVm('run-00000002', { running: true });
    orphan(
      ['run-00000001', 'run-00000002', 'run-00000003'].map((vm) => `[vms.${vm}]\nsetup = "cloning"\nthrow_away = "${vm}"\n`).join('\n'),
    );
    const { code, stderr } = await run(['true']);
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining("[ok] Deleted VM 'run-00000002'\n") });
    await checkNothingLeft();
  });

  test('is left alone under another name, and where a record cannot be read', async () => {
    await mac.addVm('mine');
    orphan('[vms.mine]\nthrow_away = "run-00000001"\n\n[vms.base]\ngui = false\n\n[vms.odd]\nthrow_away = 3\n');
    expect((await run(['true'])).code).toBe(0);
    expect(await vms()).toEqual(['base', 'mine']);
  });

  test('is nobody’s any more once rusta up has started it', async () => {
    await mac.addVm('run-00000001');
    orphan('[vms.run-00000001]\nthrow_away = "run-00000001"\nuser = "bob"\n');
    expect((await mac.rusta(['up', 'run-00000001'])).code).toBe(0);
    expect((await run(['true'])).code).toBe(0);
    expect(mac.vm('run-00000001').isRunning).toBe(true);
  });

  test('that cannot be removed keeps nobody from running', async () => {
    await mac.addVm('run-00000001');
    orphan('[vms.run-00000001]\nthrow_away = "run-00000001"\n');
    mac.configure({ faults: [{ program: 'tart', args: ['delete', 'run-00000001'], do: 'exit', stderr: 'Error: no\n' }] });
    const { code, stdout, stderr } = await run(['echo ran']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'ran\n' });
    expect(stderr).toContain("[warn] VM 'run-00000001', which a killed 'rusta run' has left, could not be removed: 'tart delete' failed");
  });

  test('is never the VM of a run that lives', async () => {
    const started = mac.start(RUSTA, ['run', '--from', 'base', '--', 'echo begun; sleep 600']);
    await started.waitFor('begun');
    expect((await run(['true'])).code).toBe(0);
    expect(await vms()).toHaveLength(2);
    started.kill('SIGTERM');
    await started.exited;
    await checkNothingLeft();
  });
});

describe('the log of a CI', () => {
  test('of GitHub has a group for the set-up', async () => {
    const { stdout, stderr } = await run(['echo hello'], { env: { GITHUB_ACTIONS: 'true' } });
    expect(stdout).toBe('hello\n');
    expect(stderr).toMatch(/^::group::Setting up a copy of VM 'base'\n==> Copying .*\n==> Starting .*\n::endgroup::\n$/);
  });

  test('of GitLab has a section for it, also where it fails', async () => {
    mac.configure({ faults: [{ program: 'tart', args: ['run'], do: 'exit' }] });
    const { code, stderr } = await run(['true'], { env: { GITLAB_CI: 'true' } });
    const [section = '', error = ''] = stderr.split(/(?=\[error\])/);
    expect(code).toBe(1);
    expect(section).toMatch(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: GitLab's own lines
      /^\x1b\[0Ksection_start:\d{10}:rusta_set_up\[collapsed=true\]\r\x1b\[0KSetting up a copy of VM 'base'\n(==>.*\n)*\x1b\[0Ksection_end:\d{10}:rusta_set_up\r\x1b\[0K\n$/,
    );
    expect(error).toContain('did not start');
  });
});

describe('bad usage', () => {
  test.each<[readonly string[], number, string]>([
    [['run', '--', 'true'], 1, "flag '--from' is needed"],
    [['run', '--from', 'base'], 1, "the command to run is needed, after '--'"],
    [['run', '--from', 'base', 'true'], 1, "unexpected word 'true': put '--' before the command"],
    [['run', '--from', 'base', '--env', 'A=b', '--', 'true'], 1, "flag '--env' takes the name of a variable: its value is taken from"],
    [['run', '--from', 'base', '--env', '1x', '--', 'true'], 1, "flag '--env' takes the name of a variable\n"],
    [['run', '--from', 'base', '--env', 'NOT_SET', '--', 'true'], 1, "variable 'NOT_SET' is not set"],
    [['run', '--from', 'base', '--timeout', '5d', '--', 'true'], 1, "flag '--timeout' takes a time such as 90s, 20m or 2h"],
    [['run', '--from', 'base', '--timeout', '0', '--', 'true'], 1, "flag '--timeout' takes a time"],
    [['run', '--from', 'nope', '--', 'true'], 2, "VM 'nope' not found"],
  ])('%j', async (args, code, text) => {
    expect(await mac.rusta(args)).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(text) });
    expect(existsSync(join(mac.home, '.local/share/rusta/state.toml'))).toBe(false);
  });

  test('a variable whose value is not UTF-8: it would not be handed on as it is', async () => {
    const line = `X=$(printf 'caf\\351') exec '${RUSTA}' run --from base --env X -- true`;
    const { code, stderr } = await mac.run('/bin/sh', ['-c', line]);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("variable 'X' is not UTF-8") });
    expect(commands(mac, 'tart').some((call) => call.startsWith('clone'))).toBe(false);
  });

  test('a source that runs', async () => {
    await mac.rusta(['up', 'base']);
    const { code, stderr } = await run(['true']);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("VM 'base' is running") });
    expect(commands(mac, 'tart').some((line) => line.startsWith('clone'))).toBe(false);
  });
});
