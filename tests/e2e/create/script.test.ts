import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { closeSync, constants, existsSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { waitUntil } from '../../sandbox/wait.ts';
import { RUSTA } from '../rusta.ts';
import { commands, ours, readState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

/** A file of the user's; it says who runs it, and has no paths: those of a scratch guest are the host's. */
function script(text: string): string {
  const path = join(mac.home, 'set up.sh');
  writeFileSync(path, text);
  return path;
}
const SAYS = '#!/bin/sh\necho "set up as $USER, $DEBIAN_FRONTEND"\n';
const create = (...flags: string[]) => mac.rusta(['create', 'lab', ...flags]);
const log = () => readFileSync(ours(mac, 'provision/lab.log'), 'utf8');
const kept = () => ours(mac, 'provision/lab.script');

/** The end of a pipe to write to, undefined as long as nobody reads it. */
function openForReader(pipe: string): number | undefined {
  try {
    return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENXIO') return undefined;
    throw error;
  }
}

describe('create --script', () => {
  test('runs it as root when all else is done, as a step, and keeps a copy', async () => {
    const { code, stdout, stderr } = await create('--script', script(SAYS));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain("==> [8/9] Starting the SPICE agent\n==> [9/9] Running your script\n==> Shutting VM 'lab' down\n");
    expect(log()).toEndWith('>>> [9/9] Running your script\nset up as root, noninteractive\n>>> Done\n');
    expect(readFileSync(kept(), 'utf8')).toBe(SAYS);
    expect((statSync(kept()).mode & 0o777).toString(8)).toBe('600');
    expect(existsSync(join(mac.vm('lab').guest, 'var/lib/rusta/script'))).toBe(false);
    expect(readState(mac)?.trim()).toBe(`[vms.lab]\ngui = false\nflags = [ "--script", "${join(mac.home, 'set up.sh')}" ]`);
    expect((await create()).stdout).toContain(`rusta create lab --script '${join(mac.home, 'set up.sh')}'\n`);
    await mac.rusta(['delete', 'lab', '--yes']);
    expect(existsSync(kept())).toBe(false);
  });

  test.each(['echo "no interpreter is named"\n', '#!/usr/bin/env bash\necho "no interpreter is named"'])(
    'of any kind: %j',
    async (text) => {
      expect(await create('--script', script(text))).toMatchObject({ code: 0, stderr: '' });
      expect(log()).toContain('no interpreter is named\n');
    },
  );

  test('reads it from stdin', async () => {
    const { code, stderr } = await mac.rusta(['create', 'lab', '--script', '-'], { stdin: SAYS });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(log()).toContain('set up as root');
  });

  test('reads it from a pipe that has a name', async () => {
    const line = `'${RUSTA}' create lab --script <(printf '#!/bin/sh\\necho from a pipe\\n')`;
    expect(await mac.run('/bin/bash', ['-c', line])).toMatchObject({ code: 0 });
    expect(log()).toContain('from a pipe\n');
  });

  test.each<[NodeJS.Signals, number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('a pipe that nobody writes to is left by %s', async (signal, code) => {
    const pipe = join(mac.home, 'pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    const started = mac.start(RUSTA, ['create', 'lab', '--script', pipe]);
    let writer: number | undefined;
    await waitUntil('a reader of the pipe', () => {
      writer = openForReader(pipe);
      return writer !== undefined;
    });
    started.kill(signal);
    expect((await started.exited).code).toBe(code);
    if (writer !== undefined) closeSync(writer);
    expect(mac.vm('lab').exists).toBe(false);
  });

  test('reads it from home, which no shell puts into --script=~/x', async () => {
    script(SAYS);
    expect(await create('--script=~/set up.sh')).toMatchObject({ code: 0, stderr: '' });
  });

  test('line ends of Windows are told before there is a VM, where the guest would not find the interpreter', async () => {
    const { code, stderr } = await create('--script', script('#!/bin/bash\r\necho ran\r\n'));
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('has line ends of Windows (CRLF)') });
    expect(commands(mac, 'tart').some((line) => line.startsWith('clone'))).toBe(false);
    // A shell that is named by nobody complains by itself, or does not.
    expect((await create('--script', script('echo ran #\r\n'))).code).toBe(0);
  });

  test('a script that fails stops the VM, which is kept, and --resume runs it again as it was', async () => {
    const path = script('#!/bin/sh\necho "no such luck"\nexit 7\n');
    const { code, stderr } = await create('--script', path);
    expect(code).toBe(1);
    expect(stderr).toStartWith(
      "Stopping VM 'lab' ...\n[error] provisioning VM 'lab' failed in step 9 of 9, Running your script: exit code 7\n",
    );
    expect(stderr).toContain('no such luck');
    expect(mac.vm('lab')).toMatchObject({ exists: true, isRunning: false });
    writeFileSync(path, SAYS);
    expect((await create('--resume')).code).toBe(1);
    expect(await create('--resume', '--script', path)).toMatchObject({ code: 0, stderr: '' });
    expect(log()).toContain('set up as root');
    expect(readState(mac)).not.toContain('script = ');
  });

  test('one that is gone meanwhile is told', async () => {
    await create('--script', script('exit 1'));
    await mac.run('/bin/rm', [kept()]);
    const { code, stderr } = await create('--resume');
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("the script that VM 'lab' was to be created with is gone"),
    });
    expect(stderr).toContain('Bring it again: rusta create lab --resume --script <file>');
  });

  test('one that does not end is ended by the bound of provisioning', async () => {
    const path = script('#!/bin/sh\necho begun; sleep 600\n');
    const { code, stderr } = await mac.rusta(['create', 'lab', '--script', path], { env: { RUSTA_PROVISION_TIMEOUT: '4' } });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('it did not end within 4 s') });
  });

  test('kill -9 amid it leaves a VM that --resume finishes', async () => {
    const started = mac.start(RUSTA, [
      'create',
      'lab',
      '--script',
      script('#!/bin/sh\ntest -e again || { touch again; sleep 600; }\necho ran\n'),
    ]);
    await started.waitFor('Running your script');
    started.kill('SIGKILL');
    await started.exited;
    expect(await create('--resume')).toMatchObject({ code: 0 });
    expect(log()).toContain('ran\n');
  });
});

describe('create --from --script', () => {
  beforeEach(() => mac.addVm('base'));
  const copy = (...flags: string[]) => mac.rusta(['create', 'lab', '--from', 'base', ...flags]);

  test('boots the copy for it, and does nothing else to it', async () => {
    const { code, stdout, stderr } = await copy('--script', script(SAYS));
    expect({ code, stderr, stdout: stdout.replace(/(time {3}).*/, '$1how long') }).toEqual({
      code: 0,
      stderr: '',
      stdout: `==> Copying VM 'base'
==> Booting VM 'lab' to run your script in it
==> Giving VM 'lab' an identity of its own
==> [1/3] Stopping background updates
==> [2/3] Waiting for cloud-init and other package managers
==> [3/3] Running your script
==> Shutting VM 'lab' down
     copy   of VM 'base'
     size   4 CPUs, 4096 MB of memory, 20 GB of disk
     screen none
     login  admin / admin
     log    rusta logs lab --provision
     time   how long
[ok] VM 'lab' is ready: 'rusta up lab' starts it, 'rusta ssh lab' opens a shell
`,
    });
    expect(log()).toContain('set up as root');
    expect(mac.vm('lab').isRunning).toBe(false);
    expect(commands(mac, 'guest:apt-get')).toEqual([]);
    expect(readState(mac)).not.toMatch(/pending|setup|from =/);
  });

  test('--up leaves it running, booted once', async () => {
    expect(await copy('--script', script(SAYS), '--up')).toMatchObject({ code: 0, stderr: '' });
    expect(commands(mac, 'tart').filter((line) => line.startsWith('run '))).toHaveLength(1);
    expect(mac.vm('lab').isRunning).toBe(true);
  });

  test('one that fails is gone on with by --resume, without its source', async () => {
    expect((await copy('--script', script('exit 3'))).code).toBe(1);
    expect(mac.vm('lab')).toMatchObject({ exists: true, isRunning: false });
    await mac.run('tart', ['delete', 'base']);
    expect(await create('--resume', '--script', script(SAYS))).toMatchObject({ code: 0, stderr: '' });
    expect(log()).toContain('set up as root');
  });
});

describe('refused before anything is done', () => {
  const nothing = () =>
    expect({ tart: mac.calls('tart').some(({ args }) => args[0] === 'clone'), state: readState(mac) }).toEqual({
      tart: false,
      state: undefined,
    });

  test('a file that is not there', async () => {
    const { code, stderr } = await create('--script', join(mac.home, 'nope'));
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/nope cannot be read: ENOENT/) });
    nothing();
  });

  test('a folder', async () => {
    mkdirSync(join(mac.home, 'folder'));
    const { code, stderr } = await create('--script', join(mac.home, 'folder'));
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/folder cannot be read: EISDIR/) });
    nothing();
  });

  test.each(['file', 'stdin'])('an empty one, of %s', async (where) => {
    const { code, stderr } = await mac.rusta(['create', 'lab', '--script', where === 'file' ? script('') : '-'], { stdin: '' });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/the script .* is empty/) });
    nothing();
  });

  test('a terminal', async () => {
    await using terminal = openTerminal(mac, RUSTA, ['create', 'lab', '--script', '-']);
    await terminal.waitFor("'--script -' reads the script from stdin, which is a terminal");
    expect((await terminal.exited).code).toBe(1);
    nothing();
  });
});
