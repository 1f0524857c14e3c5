import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { RUSTA, SIGNAL_CODES, SIGNALS } from '../rusta.ts';
import { commands, ours, readState, writeState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

const runs = () => commands(mac, 'tart').filter((line) => line.startsWith('run '));

describe('without a default, up asks (spec 10, item 8)', () => {
  beforeEach(async () => {
    await mac.addVm('ubuntu-2404');
    await mac.addVm('lab-22', { running: true });
  });

  test('the picker is the one of spec 3.3; the choice is kept and booted, and the next up goes straight there', async () => {
    await using terminal = openTerminal(mac, RUSTA, ['up']);
    await terminal.waitFor('> ');
    expect(terminal.screen).toContain('No default VM is set. Pick one:\n  1) lab-22        (running)\n  2) ubuntu-2404   (stopped)\n');
    terminal.type('2\r');
    await terminal.waitFor("Set 'ubuntu-2404' as default for future commands.");
    expect(readState(mac)).toContain('default_vm = "ubuntu-2404"');
    expect((await terminal.exited).code).toBe(0);
    expect(mac.vm('ubuntu-2404').isRunning).toBe(true);
    expect(await mac.rusta(['up'])).toMatchObject({ code: 0, stdout: "[skip] VM 'ubuntu-2404' is already running\n", stderr: '' });
  });

  test('a wrong number is asked for again, a name will do', async () => {
    await using terminal = openTerminal(mac, RUSTA, ['ip']);
    await terminal.waitFor('> ');
    terminal.type('7\r');
    await terminal.waitFor(/'7' is not one of the numbers 1 to 2\.[\s\S]*> /);
    terminal.type('lab-22\r');
    expect((await terminal.exited).code).toBe(0);
    expect(readState(mac)).toContain('default_vm = "lab-22"');
  });

  test.each(['enter', 'ctrl-c', 'ctrl-d'] as const)('%s aborts with 1, writes nothing and leaves the terminal as it was', async (key) => {
    await using terminal = openTerminal(mac, RUSTA, ['up']);
    await terminal.waitFor('> ');
    terminal.press(key);
    expect((await terminal.exited).code).toBe(1);
    expect(terminal.screen).toContain('[error] no VM chosen, nothing was done');
    expect(terminal.output.lastIndexOf('\u001b[?25h')).toBeGreaterThanOrEqual(terminal.output.lastIndexOf('\u001b[?25l'));
    expect(readState(mac)).toBeUndefined();
    expect(runs()).toEqual([]);
  });

  test('without a terminal it ends with 2 and says what to do (spec 10, item 10)', async () => {
    const result = await mac.rusta(['up']);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain('stdin is not a TTY');
    expect(result.stderr).toContain("run 'rusta default <vm>' first");
    expect(readState(mac)).toBeUndefined();
  });

  test('a default that no longer exists is none', async () => {
    writeState(mac, 'default_vm = "gone"\n');
    const result = await mac.rusta(['up']);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("the default VM 'gone' no longer exists");
  });
});

test('without VMs up ends with 2 and points to create (spec 10, item 9)', async () => {
  const result = await mac.rusta(['up']);
  expect(result).toMatchObject({ code: 2, stdout: '' });
  expect(result.stderr).toContain('rusta create');
});

test('the default VM boots headless, a second up is a skip (spec 10, item 11)', async () => {
  await mac.addVm('lab');
  writeState(mac, 'default_vm = "lab"\n');
  const up = await mac.rusta(['up']);
  expect(up).toMatchObject({ code: 0, stderr: '' });
  expect(up.stdout).toMatch(/^==> Starting VM 'lab' \(headless\)\n\[ok\] VM 'lab' is running\n\[ok\] IP address: 127\.[\d.]+\n$/);
  expect(runs()).toEqual(['run lab --no-graphics']);
  expect(readFileSync(ours(mac, 'run/lab.pid'), 'utf8')).toBe(`${mac.vm('lab').runPid}\n`);
  expect(await mac.rusta(['up'])).toMatchObject({ code: 0, stdout: "[skip] VM 'lab' is already running\n" });
});

test('a named VM boots whatever the default is, which stays (spec 10, item 12)', async () => {
  await mac.addVm('lab');
  await mac.addVm('other');
  writeState(mac, 'default_vm = "other"\n');
  expect(await mac.rusta(['up', 'lab'])).toMatchObject({ code: 0 });
  expect(mac.vm('lab').isRunning).toBe(true);
  expect(mac.vm('other').isRunning).toBe(false);
  expect(readState(mac)).toBe('default_vm = "other"\n');
});

describe('the window follows the record, flags go before it (spec 10, item 13)', () => {
  const cases: [gui: boolean | undefined, flags: string[], window: boolean][] = [
    [undefined, [], false],
    [true, [], true],
    [false, [], false],
    [true, ['--no-gui'], false],
    [true, ['--no-graphics'], false],
    [false, ['--graphical'], true],
    [false, ['-G'], true],
    [undefined, ['--graphics'], true],
    [undefined, ['--gui'], true],
  ];
  test.each(cases)('recorded %p, flags %p: window %p', async (gui, flags, window) => {
    await mac.addVm('lab');
    if (gui !== undefined) writeState(mac, `[vms.lab]\ngui = ${gui}\n`);
    expect(await mac.rusta(['up', 'lab', ...flags])).toMatchObject({ code: 0 });
    expect(runs()).toEqual([window ? 'run lab' : 'run lab --no-graphics']);
  });

  test('both flags exclude each other', async () => {
    const result = await mac.rusta(['up', 'lab', '--graphical', '--no-gui']);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain("'--graphical' and '--no-gui' exclude each other");
    expect(mac.calls()).toEqual([]);
  });
});

describe('what is running stays running', () => {
  test('tart run is in a session of its own and survives the end of rusta', async () => {
    await mac.addVm('lab');
    await mac.rusta(['up', 'lab']);
    const { stdout } = await mac.run('ps', ['-o', 'sess=', '-o', 'pid=', '-p', String(mac.vm('lab').runPid)]);
    const [session, pid] = stdout.trim().split(/\s+/);
    if (process.platform === 'linux') expect(session).toBe(pid ?? '');
    expect(mac.vm('lab').isRunning).toBe(true);
  });

  test.each(SIGNALS)('%s during up ends the wait, not the VM, and says so', async (signal) => {
    mac.configure({ timing: { agentUp: 60_000 } });
    await mac.addVm('lab');
    const up = mac.start(RUSTA, ['up', 'lab']);
    await mac.event('locked', 'lab');
    up.kill(signal);
    const { code, stderr } = await up.exited;
    expect(code).toBe(SIGNAL_CODES[signal]);
    expect(stderr).toContain("VM 'lab' keeps starting. 'rusta down lab' stops it.");
    expect(mac.vm('lab').isRunning).toBe(true);
  });

  test('Ctrl-C typed during up, and a closed terminal, leave the VM running', async () => {
    mac.configure({ timing: { agentUp: 60_000 } });
    await mac.addVm('lab');
    await mac.addVm('lab2');
    const typed = openTerminal(mac, RUSTA, ['up', 'lab']);
    await mac.event('locked', 'lab');
    typed.press('ctrl-c');
    expect((await typed.exited).code).toBe(130);
    const closed = openTerminal(mac, RUSTA, ['up', 'lab2']);
    await mac.event('locked', 'lab2');
    closed.close();
    expect((await closed.exited).code).toBe(129);
    expect(mac.vm('lab').isRunning).toBe(true);
    expect(mac.vm('lab2').isRunning).toBe(true);
  });
});

describe('a VM that does not come up is told, with the reason', () => {
  test('at once when tart run ends', async () => {
    mac.configure({ behavior: { bootError: 'Error: Invalid virtual machine configuration. Too many CPUs.' } });
    await mac.addVm('lab');
    const result = await mac.rusta(['up', 'lab']);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('macOS refused the configuration of the VM');
    expect(result.stderr).toContain(`Full log: ${ours(mac, 'run/lab.log')}`);
    expect(existsSync(ours(mac, 'run/lab.pid'))).toBe(false);
  });

  test('at once when the guest crashes', async () => {
    mac.configure({ behavior: { crashAfter: 100, agent: 'never' } });
    await mac.addVm('lab');
    const result = await mac.rusta(['up', 'lab']);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("VM 'lab' did not start, the VM went off: the guest crashed");
  });

  test('after the wait when the agent never answers; the VM stays for a look at it', async () => {
    mac.configure({ behavior: { agent: 'never' } });
    await mac.addVm('lab');
    const result = await mac.rusta(['up', 'lab'], { env: { RUSTA_AGENT_TIMEOUT: '1' } });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("waited 1 s for the guest agent of VM 'lab'");
    await mac.event('locked', 'lab');
    expect(mac.vm('lab').isRunning).toBe(true);
  });

  test('an address that is late is not fatal', async () => {
    mac.configure({ faults: [{ program: 'tart', args: ['ip'], do: 'exit', code: 1, stderr: 'no IP address found' }] });
    await mac.addVm('lab');
    const result = await mac.rusta(['up', 'lab'], { env: { RUSTA_IP_TIMEOUT: '1' } });
    expect(result).toMatchObject({ code: 0 });
    expect(result.stderr).toContain("no IP address yet; 'rusta ip lab' waits for it");
  });
});

test('the socket that the last run left does not keep the agent away', async () => {
  await mac.addVm('lab');
  for (let round = 0; round < 2; round += 1) {
    expect(await mac.rusta(['up', 'lab'])).toMatchObject({ code: 0 });
    expect(await mac.rusta(['down', 'lab'])).toMatchObject({ code: 0 });
    expect(existsSync(join(mac.vm('lab').folder, 'control.sock'))).toBe(true);
  }
});

test('an unfinished VM starts, with a warning', async () => {
  await mac.addVm('lab');
  writeState(mac, '[vms.lab]\nsetup = "provisioning"\n');
  const result = await mac.rusta(['up', 'lab']);
  expect(result.code).toBe(0);
  expect(result.stderr).toContain("'rusta down lab && rusta create lab --resume' goes on");
});

test('an unknown VM ends with 2, naming it and the nearest (spec 10, item 30)', async () => {
  await mac.addVm('lab');
  for (const [command, ...rest] of [['up'], ['down'], ['ip'], ['ssh'], ['default'], ['delete', '--yes']]) {
    const result = await mac.rusta([command ?? '', 'lba', ...rest]);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toBe("[error] VM 'lba' not found\nDid you mean 'lab'? Run 'rusta list' to see the VMs.\n");
  }
});

test('a state file that cannot be read stops the command before it starts anything', async () => {
  await mac.addVm('lab');
  writeState(mac, 'default_vm = "lab"\nnonsense\n');
  const result = await mac.rusta(['up']);
  expect(result).toMatchObject({ code: 1, stdout: '' });
  expect(result.stderr).toContain('state.toml is not valid: line 2');
  expect(readFileSync(ours(mac, 'state.toml'), 'utf8')).toBe('default_vm = "lab"\nnonsense\n');
  expect(runs()).toEqual([]);
});

test('a pid file of another process is not believed', async () => {
  await mac.addVm('lab');
  await mac.rusta(['up', 'lab']);
  await mac.rusta(['down', 'lab']);
  writeFileSync(ours(mac, 'run/lab.pid'), `${process.pid}\n`);
  expect(await mac.rusta(['up', 'lab'])).toMatchObject({ code: 0 });
  expect(mac.vm('lab').isRunning).toBe(true);
});

/** Tart 2.32 on macOS 13, where `run` works and `exec` does not. */
const OLD_MACOS = {
  program: 'tart',
  args: ['exec'],
  do: 'exit',
  code: 1,
  stderr: '"tart exec" is only available on macOS 14 (Sonoma) or newer\n',
} as const;

test.each(['up lab', 'create lab'])('on a macOS that is too old %s says so at the first look', async (line) => {
  if (line.startsWith('up')) await mac.addVm('lab');
  mac.configure({ faults: [OLD_MACOS] });
  const { code, stderr } = await mac.rusta(line.split(' '));
  expect(code).toBe(1);
  expect(stderr).toContain(
    "VM 'lab' runs, but this macOS is too old: 'tart exec', through which rusta talks to guests, needs macOS 14 (Sonoma) or newer\nUpdate macOS, then try again.\n",
  );
  expect(stderr).not.toContain('still waiting');
});

describe('a window where nobody sits at the Mac', () => {
  const HINT = 'Without a window it boots anywhere: rusta up lab --no-gui\n';
  const dies = (stderr: string) => mac.configure({ faults: [{ program: 'tart', args: ['run'], do: 'exit', code: 1, stderr }] });

  test.each([
    ['Tart says so', {}, 'FAILED TO establish the default connection to the WindowServer, _CGSDefaultConnection() is NULL.\n', true],
    ['over ssh, whatever Tart says', { SSH_CONNECTION: '10.0.0.1 50000 10.0.0.2 22' }, 'Abort trap: 6\n', true],
    ['at the Mac, another failure', {}, 'The number of VMs exceeds the system limit\n', false],
  ])('%s', async (_what, env, stderr, hinted) => {
    await mac.addVm('lab');
    dies(stderr);
    const result = await mac.rusta(['up', 'lab', '--graphical'], { env });
    expect(result.code).toBe(1);
    expect(result.stderr.endsWith(HINT)).toBe(hinted);
  });

  test('a boot without one says nothing of it', async () => {
    await mac.addVm('lab');
    dies('Abort trap: 6\n');
    const result = await mac.rusta(['up', 'lab'], { env: { SSH_CONNECTION: '10.0.0.1 50000 10.0.0.2 22' } });
    expect(result).toMatchObject({ code: 1, stderr: expect.not.stringContaining('--no-gui') });
  });
});
