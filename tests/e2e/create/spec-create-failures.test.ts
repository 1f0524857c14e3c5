import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { untilAllEnd } from '../../sandbox/processes.ts';
import { waitUntil } from '../../sandbox/wait.ts';
import { RUSTA, SIGNAL_CODES, SIGNALS } from '../rusta.ts';
import { commands, ours, readState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

function expectNothingLeft(): void {
  expect(mac.vm('lab').exists).toBe(false);
  expect(readState(mac)?.trim() ?? '').toBe('');
  expect(existsSync(ours(mac, 'run/lab.lock'))).toBe(false);
}

const GO_ON = "Go on with 'rusta create lab --resume'";

describe('a failure before the first boot leaves nothing', () => {
  test.each([
    ['an unknown repository', ['create', 'lab', '--image-ref', 'ghcr.io/nobody/nothing:1'], 'the registry refused access'],
    [
      'a disk below the image',
      ['create', 'lab', '--disk', '5'],
      'the disk cannot be made smaller than the image, which has 20 GB; 5 GB were asked for',
    ],
  ])('%s', async (_, args, message) => {
    const result = await mac.rusta(args);
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain(`[error] VM 'lab' was not created from`);
    expect(result.stderr).toContain(message);
    expectNothingLeft();
  });

  test('a source that runs', async () => {
    await mac.addVm('base', { running: true });
    expect(await mac.rusta(['create', 'lab', '--from', 'base'])).toMatchObject({ code: 1 });
    expectNothingLeft();
  });

  test.each(SIGNALS)('%s while cloning', async (signal) => {
    mac.configure({ timing: { pull: 60_000 } });
    const create = mac.start(RUSTA, ['create', 'lab']);
    await create.waitFor('Cloning');
    create.kill(signal);
    const { code, stderr } = await create.exited;
    expect(code).toBe(SIGNAL_CODES[signal]);
    expect(stderr).toContain(`interrupted (${signal})`);
    expectNothingLeft();
  });
});

describe('a later failure keeps a stopped VM that can be completed', () => {
  test('a failing provisioning names the step and shows its last lines', async () => {
    mac.configure({
      faults: [{ program: 'guest:apt-get', args: ['-y'], do: 'exit', code: 100, stderr: 'E: Sub-process store returned an error code\n' }],
    });
    const failed = await mac.rusta(['create', 'lab']);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain("provisioning VM 'lab' failed in step 5 of 8, Refreshing the package lists: exit code 100");
    expect(failed.stderr).toContain('  | E: Sub-process store returned an error code');
    expect(failed.stderr).toContain(GO_ON);
    expect(mac.vm('lab')).toMatchObject({ exists: true, isRunning: false });
    expect(readState(mac)).toContain('setup = "provisioning"');

    const again = await mac.rusta(['create', 'lab']);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain("VM 'lab' already exists but is not complete: its creation stopped while provisioning");
    expect(again.stderr).toContain(GO_ON);

    mac.configure({ faults: [] });
    const resumed = await mac.rusta(['create', 'lab', '--resume']);
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    expect(commands(mac, 'tart').filter((line) => line.startsWith('clone'))).toHaveLength(1);
    expect(readState(mac)?.trim()).toBe('[vms.lab]\ngui = false');
  });

  test('an agent that never answers ends the wait with its name, and the VM is stopped', async () => {
    mac.configure({ behavior: { agent: 'never' } });
    const result = await mac.rusta(['create', 'lab'], { env: { RUSTA_AGENT_TIMEOUT: '1' } });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/\[error\] waited \d+ s for the guest agent of VM 'lab'; last answer: .+ Its log: .+lab\.log/);
    expect(result.stderr).toContain(GO_ON);
    expect(mac.vm('lab')).toMatchObject({ exists: true, isRunning: false });
  });

  test('a VM that cannot start is reported at once, in plain words, with its log', async () => {
    mac.configure({ behavior: { bootError: 'The number of VMs exceeds the system limit (other running VMs: a, b)' } });
    const result = await mac.rusta(['create', 'lab']);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("VM 'lab' did not start, 'tart run' exited with 1: macOS does not allow another running VM now");
    expect(result.stderr).toContain('  | The number of VMs exceeds the system limit');
    expect(readState(mac)).toContain('setup = "booting"');
  });

  test.each(SIGNALS)('%s while the guest boots stops it', async (signal) => {
    mac.configure({ behavior: { agent: 'never' } });
    const create = mac.start(RUSTA, ['create', 'lab']);
    await mac.event('locked', 'lab');
    create.kill(signal);
    const { code, stderr } = await create.exited;
    expect(code).toBe(SIGNAL_CODES[signal]);
    expect(stderr).toContain("VM 'lab' is stopped and was kept");
    expect(mac.vm('lab')).toMatchObject({ exists: true, isRunning: false });
    expect(readState(mac)).toContain('setup = "booting"');
  });

  test('a guest that powers off while it is provisioned is noticed', async () => {
    mac.configure({ faults: [{ program: 'guest:apt-get', do: 'hang' }] });
    const create = mac.start(RUSTA, ['create', 'lab']);
    await waitUntil('step 3', () => mac.calls('guest:apt-get').length > 0);
    await mac.run('tart', ['exec', 'lab', 'sudo', 'poweroff']);
    const result = await create.exited;
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("provisioning VM 'lab' failed in step 5 of 8");
    expect(result.stderr).toContain('the guest went away');
    expect(mac.vm('lab')).toMatchObject({ exists: true, isRunning: false });
  });
});

test('there is nothing to resume where there is no VM', async () => {
  const result = await mac.rusta(['create', 'lab', '--resume']);
  expect(result.code).toBe(2);
  expect(result.stderr).toContain("VM 'lab' not found, there is nothing to resume");
});

test('two creates of one name: one wins, the other is told who is at work', async () => {
  mac.configure({ timing: { pull: 60_000 } });
  const first = mac.start(RUSTA, ['create', 'lab']);
  await first.waitFor('Cloning');
  const second = await mac.rusta(['create', 'LAB']);
  expect(second).toMatchObject({ code: 1 });
  expect(second.stderr).toContain(`VM 'LAB' is busy: 'rusta create lab (pid ${first.pid})' is at work on it`);
  first.kill('SIGKILL');
  await first.exited;
});

test('after kill -9 while cloning, create starts over', async () => {
  mac.configure({ timing: { pull: 60_000 } });
  const victim = mac.start(RUSTA, ['create', 'lab']);
  await victim.waitFor('Cloning');
  victim.kill('SIGKILL');
  await victim.exited;
  expect(readState(mac)).toContain('setup = "cloning"');
  mac.configure({ timing: { pull: 10 } });
  await untilAllEnd(mac.root);
  expect(await mac.rusta(['create', 'lab'])).toMatchObject({ code: 0 });
  expect(readState(mac)?.trim()).toBe('[vms.lab]\ngui = false');
});
