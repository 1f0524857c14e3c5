import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { RUSTA } from '../rusta.ts';
import { commands, readState, writeState } from '../state.ts';
import { copyLab, tartVerbs } from './helpers/copy.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab');
});
afterEach(() => mac[Symbol.asyncDispose]());

const PENDING = `[vms.web]\nflags = [ "--from", "lab" ]\nidentity = "pending"\n`;

describe('create --from', () => {
  test('copies a VM without a boot, and says what came of it', async () => {
    writeFileSync(join(mac.vm('lab').guest, 'srv/of-lab'), 'kept\n');
    const { code, stdout, stderr } = await copyLab(mac);
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
    expect(await copyLab(mac, '--cpus', '2', '--disk', '60')).toMatchObject({ code: 0, stderr: '' });
    expect(commands(mac, 'tart')).toContain('set web --cpu 2 --disk-size 60');
    expect(mac.vm('web').config).toMatchObject({ cpuCount: 2, memorySize: mac.vm('lab').config.memorySize });
  });

  test('a disk as large as that of the source need not grow', async () => {
    expect(await copyLab(mac, '--disk', '20')).toMatchObject({ code: 0, stderr: '' });
    expect(tartVerbs(mac)).not.toContain('set');
  });

  test('the copy has the login, the key and the window of its source, and not its docker', async () => {
    writeState(
      mac,
      '[vms.lab]\ngui = true\nuser = "bob"\npassword = "secret"\nkey = true\ndocker = true\nflags = [ "--gui", "lightdm" ]\n',
    );
    const { code, stdout } = await copyLab(mac);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/screen boots with a window\n {5}login {2}bob\n/) });
    const [, web] = readState(mac)?.split('[vms.web]\n') ?? [];
    expect(web?.trim().split('\n').sort()).toEqual(
      ['flags = [ "--from", "lab" ]', 'gui = true', 'identity = "pending"', 'key = true', 'password = "secret"', 'user = "bob"'].sort(),
    );
    const again = await copyLab(mac);
    expect(again.stdout).toBe("[skip] VM 'web' already exists\nTo recreate: rusta delete web && rusta create web --from lab\n");
  });

  test('a name that is taken is skipped, whatever is with the source', async () => {
    await mac.addVm('web');
    const { code, stdout } = await mac.rusta(['create', 'web', '--from', 'nowhere']);
    expect(code).toBe(0);
    expect(stdout).toStartWith("[skip] VM 'web' already exists\nIt stays as it is. Not done: --from nowhere\n");
    expect(tartVerbs(mac)).toEqual(['list']);
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
    const { code, stdout, stderr } = await copyLab(mac, '--ssh-copy-keys');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain("==> Giving VM 'web' an identity of its own\n");
    expect(stdout).toContain("SSH configuration copied to VM 'web': id_test");
    expect(readState(mac)).not.toContain('identity');
    expect(mac.vm('web').isRunning).toBe(false);
  });

  test('--up leaves it running', async () => {
    const { code, stdout, stderr } = await copyLab(mac, '--up');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/\[ok\] VM 'web' is ready\n(.*\n)*\[ok\] VM 'web' is running\n\[ok\] IP address: \S+\n$/);
    expect(mac.vm('web').isRunning).toBe(true);
  });
});

test('a copy whose creation was killed is gone on with by --resume, without its source if the copy is there', async () => {
  writeState(
    mac,
    '[vms.web]\nsetup = "cloning"\nfrom = "lab"\nidentity = "pending"\ncpus = 3\nflags = [ "--from", "lab", "--cpus", "3" ]\n',
  );
  await mac.run('tart', ['clone', 'lab', 'web']);
  const refused = await copyLab(mac);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("VM 'web' already exists but is not complete") });
  await mac.run('tart', ['delete', 'lab']);
  expect(await mac.rusta(['create', 'web', '--resume'])).toMatchObject({ code: 0, stderr: '' });
  expect(mac.vm('web').config.cpuCount).toBe(3);
  expect(readState(mac)?.trim()).toBe('[vms.web]\nidentity = "pending"\nflags = [ "--from", "lab", "--cpus", "3" ]');
  expect(existsSync(join(mac.vm('web').folder, 'control.sock'))).toBe(false);
});
