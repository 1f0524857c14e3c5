/** What `--keep` leaves, what the log of a CI shows, and what is refused. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { waitUntil } from '../../sandbox/wait.ts';
import { RUSTA } from '../rusta.ts';
import { commands } from '../state.ts';
import { throwAway } from './throw-away.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('base');
});
afterEach(() => mac[Symbol.asyncDispose]());

const { run, checkNothingLeft } = throwAway(() => mac);

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
