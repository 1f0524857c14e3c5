import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { RUSTA } from '../rusta.ts';
import { commands, readState, writeState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab');
});
afterEach(() => mac[Symbol.asyncDispose]());

const copy = (...more: string[]) => mac.rusta(['create', 'web', '--from', 'lab', ...more]);
const verbs = () => mac.calls('tart').map(({ args }) => args[0]);
const PENDING = `[vms.web]\nflags = [ "--from", "lab" ]\nidentity = "pending"\n`;

describe('create --from', () => {
  test('copies a VM without a boot, and says what came of it', async () => {
    writeFileSync(join(mac.vm('lab').guest, 'srv/of-lab'), 'kept\n');
    const { code, stdout, stderr } = await copy();
    expect({ code, stderr, stdout: stdout.replace(/(time {3}).*/, '$1how long') }).toEqual({
      code: 0,
      stderr: '',
      stdout: `==> Copying VM 'lab'
     copy   of VM 'lab'
     size   4 CPUs, 4096 MB of memory, 20 GB of disk
     screen none
     login  admin / admin
     time   how long
[ok] VM 'web' is ready: 'rusta up web' starts it, 'rusta ssh web' opens a shell
`,
    });
    expect(commands(mac, 'tart')).toEqual(['list --format json', 'clone lab web', 'list --format json']);
    // Cached images are not thrown away for space that a copy does not need.
    expect(mac.calls('tart').map(({ env }) => 'TART_NO_AUTO_PRUNE' in env)).toEqual([false, true, false]);
    expect(readFileSync(join(mac.vm('web').guest, 'srv/of-lab'), 'utf8')).toBe('kept\n');
    expect(mac.vm('web').config.macAddress).not.toBe(mac.vm('lab').config.macAddress);
    expect(readState(mac)?.trim()).toBe(PENDING.trim());
    for (const vm of ['lab', 'web']) expect(mac.vm(vm)).toMatchObject({ exists: true, isRunning: false });
  });

  test('gives the copy the sizes that were asked for, and no others', async () => {
    expect(await copy('--cpus', '2', '--disk', '60')).toMatchObject({ code: 0, stderr: '' });
    expect(commands(mac, 'tart')).toContain('set web --cpu 2 --disk-size 60');
    expect(mac.vm('web').config).toMatchObject({ cpuCount: 2, memorySize: mac.vm('lab').config.memorySize });
  });

  test('a disk as large as that of the source need not grow', async () => {
    expect(await copy('--disk', '20')).toMatchObject({ code: 0, stderr: '' });
    expect(verbs()).not.toContain('set');
  });

  test('the copy has the login, the key and the window of its source, and not its docker', async () => {
    writeState(
      mac,
      '[vms.lab]\ngui = true\nuser = "bob"\npassword = "secret"\nkey = true\ndocker = true\nflags = [ "--gui", "lightdm" ]\n',
    );
    const { code, stdout } = await copy();
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/screen boots with a window\n {5}login {2}bob\n/) });
    const [, web] = readState(mac)?.split('[vms.web]\n') ?? [];
    expect(web?.trim().split('\n').sort()).toEqual(
      ['flags = [ "--from", "lab" ]', 'gui = true', 'identity = "pending"', 'key = true', 'password = "secret"', 'user = "bob"'].sort(),
    );
    const again = await copy();
    expect(again.stdout).toBe("[skip] VM 'web' already exists\nTo recreate: rusta delete web && rusta create web --from lab\n");
  });

  test('a name that is taken is skipped, whatever is with the source', async () => {
    await mac.addVm('web');
    const { code, stdout } = await mac.rusta(['create', 'web', '--from', 'nowhere']);
    expect(code).toBe(0);
    expect(stdout).toStartWith("[skip] VM 'web' already exists\nIt stays as it is. Not done: --from nowhere\n");
    expect(verbs()).toEqual(['list']);
  });

  test('on a terminal, a name is offered', async () => {
    await using terminal = openTerminal(mac, RUSTA, ['create', '--from', 'lab']);
    await terminal.waitFor('VM name [lab-copy]: ');
    terminal.type('\r');
    expect((await terminal.exited).code).toBe(0);
    expect(mac.vm('lab-copy').exists).toBe(true);
  });

  test('--ssh-copy-keys boots the copy for them, and it gets its identity then', async () => {
    mkdirSync(join(mac.home, '.ssh'), { mode: 0o700 });
    writeFileSync(join(mac.home, '.ssh/id_test'), 'key\n', { mode: 0o600 });
    const { code, stdout, stderr } = await copy('--ssh-copy-keys');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain("==> Giving VM 'web' an identity of its own\n");
    expect(stdout).toContain("SSH configuration copied to VM 'web': id_test");
    expect(readState(mac)).not.toContain('identity');
    expect(mac.vm('web').isRunning).toBe(false);
  });

  test('--up leaves it running', async () => {
    const { code, stdout, stderr } = await copy('--up');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/\[ok\] VM 'web' is ready\n(.*\n)*\[ok\] VM 'web' is running\n\[ok\] IP address: \S+\n$/);
    expect(mac.vm('web').isRunning).toBe(true);
  });
});

describe('create --from refuses', () => {
  const left = () => expect(mac.vm('web').exists || verbs().includes('clone')).toBe(false);

  test('a source that is absent', async () => {
    const { code, stderr } = await mac.rusta(['create', 'web', '--from', 'lap']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "[error] VM 'lap' not found\nDid you mean 'lab'? Run 'rusta list' to see the VMs.\n",
    });
    left();
  });

  test('itself', async () => {
    const { code, stderr } = await mac.rusta(['create', 'web', '--from', 'web']);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining("[error] VM 'web' not found\n") });
    left();
  });

  test('a source that runs', async () => {
    await mac.rusta(['up', 'lab']);
    const { code, stderr } = await copy();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "[error] VM 'lab' is running, and its disk changes while it does\nStop it first: rusta down lab\n",
    });
    left();
  });

  test('a source that only starts, which Tart does not call running yet', async () => {
    mac.configure({ timing: { lock: 60_000 } });
    const up = mac.start(RUSTA, ['up', 'lab']);
    await mac.event('starting', 'lab');
    const { code, stderr } = await copy();
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("[error] VM 'lab' is running") });
    left();
    up.kill('SIGKILL');
  });

  test('a source that is suspended', async () => {
    writeFileSync(join(mac.vm('lab').folder, 'state.vzvmsave'), '');
    const { code, stderr } = await copy();
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("[error] VM 'lab' is suspended") });
    left();
  });

  test('a source that is half-made', async () => {
    writeState(mac, '[vms.lab]\nsetup = "provisioning"\n');
    const { code, stderr } = await copy();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "[error] VM 'lab' is not complete: its creation stopped while provisioning\nFinish it first: rusta create lab --resume\n",
    });
    left();
  });

  test('a disk that would have to shrink', async () => {
    const { code, stderr } = await copy('--disk', '10');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        "[error] the disk of VM 'lab' has 20 GB and only grows; 10 GB were asked for\nNothing was changed. Try again with 'rusta create web --from lab --disk 20' or more.\n",
    });
    left();
  });

  test('more CPUs than this Mac has', async () => {
    // In place of the stand-in's, and not through its link.
    rmSync(join(mac.bin, 'sysctl'), { force: true });
    writeFileSync(join(mac.bin, 'sysctl'), '#!/bin/sh\nprintf "8\\n17179869184\\n"\n', { mode: 0o755 });
    const { code, stderr } = await copy('--cpus', '9');
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("VM 'web' cannot have 9 CPUs: this Mac has 8") });
    left();
  });

  test.each<string[]>([
    ['--version', '22.04'],
    ['--image', 'ubuntu'],
    ['--source', 'ghcr.io/cirruslabs'],
    ['--image-ref', 'ghcr.io/cirruslabs/ubuntu:22.04'],
    ['--user', 'bob'],
    ['--password', 'x'],
    ['--gui'],
    ['--debug-no-headless'],
    ['--resume'],
  ])('%s, which says otherwise', async (...flag: string[]) => {
    const { code, stderr } = await copy(...flag);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/flags '--from' and '\S+' exclude each other/) });
    expect(mac.calls()).toEqual([]);
  });

  test('a value in state.toml that is not a name', async () => {
    writeState(mac, '[vms.web]\nsetup = "cloning"\nfrom = "--help"\n');
    const { code, stderr } = await mac.rusta(['create', 'web', '--resume']);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('vms.web.from is not the name of a VM') });
    left();
  });
});

describe('when a copy fails, nothing is left of it', () => {
  const fault = (verb: string, how: object) => mac.configure({ faults: [{ program: 'tart', args: [verb], ...how } as never] });
  const checkLeft = () => {
    expect(mac.vm('web').exists).toBe(false);
    expect((readState(mac) ?? '').trim()).toBe('');
    expect(mac.vm('lab').exists).toBe(true);
  };

  test('tart clone fails', async () => {
    fault('clone', { do: 'exit', stderr: 'Error: no space\n' });
    const { code, stderr } = await copy();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        "[error] VM 'web' was not created: 'tart clone' failed (exit 1): Error: no space\nNothing is left of VM 'web'. Try again with 'rusta create web ...'.\n",
    });
    checkLeft();
  });

  test('tart clone says that it did, and did not', async () => {
    fault('clone', { do: 'exit', code: 0 });
    const { code, stderr } = await copy();
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("exited with 0, but VM 'web' is not there") });
    checkLeft();
  });

  test('tart set fails', async () => {
    fault('set', { do: 'exit', stderr: 'Error: no\n' });
    expect(await copy('--cpus', '2')).toMatchObject({ code: 1 });
    checkLeft();
  });

  test('Ctrl-C while it is copied', async () => {
    fault('clone', { do: 'hang' });
    const create = mac.start(RUSTA, ['create', 'web', '--from', 'lab']);
    await create.waitFor('Copying');
    create.kill('SIGINT');
    expect((await create.exited).code).toBe(130);
    checkLeft();
    mac.configure({ faults: [] });
    expect(await copy()).toMatchObject({ code: 0, stderr: '' });
  });
});

test('a copy whose creation was killed is gone on with by --resume, without its source if the copy is there', async () => {
  writeState(
    mac,
    '[vms.web]\nsetup = "cloning"\nfrom = "lab"\nidentity = "pending"\ncpus = 3\nflags = [ "--from", "lab", "--cpus", "3" ]\n',
  );
  await mac.run('tart', ['clone', 'lab', 'web']);
  const refused = await copy();
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("VM 'web' already exists but is not complete") });
  await mac.run('tart', ['delete', 'lab']);
  expect(await mac.rusta(['create', 'web', '--resume'])).toMatchObject({ code: 0, stderr: '' });
  expect(mac.vm('web').config.cpuCount).toBe(3);
  expect(readState(mac)?.trim()).toBe('[vms.web]\nidentity = "pending"\nflags = [ "--from", "lab", "--cpus", "3" ]');
  expect(existsSync(join(mac.vm('web').folder, 'control.sock'))).toBe(false);
});
