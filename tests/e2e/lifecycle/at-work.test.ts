import { afterEach, beforeEach, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { waitUntil } from '../../sandbox/wait.ts';
import { RUSTA } from '../rusta.ts';
import { commands, ours, readState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab');
});
afterEach(() => mac[Symbol.asyncDispose]());

test('when another up is at work, then up waits for the agent too, and says so', async () => {
  mac.configure({ timing: { agentUp: 8_000 } });
  const first = mac.start(RUSTA, ['up', 'lab']);
  await mac.event('locked', 'lab');
  const second = await mac.rusta(['up', 'lab']);
  expect(second).toMatchObject({ code: 0 });
  expect(second.stdout).toContain("==> VM 'lab' is starting already: waiting for its guest agent\n[ok] VM 'lab' is running");
  expect(mac.events().some(({ event }) => event === 'agent-up')).toBe(true);
  expect(await first.exited).toMatchObject({ code: 0 });
  expect((await mac.rusta(['up', 'lab'])).stdout).toBe("[skip] VM 'lab' is already running\n");
});

test('when down is at work, then up waits for it and starts the VM again', async () => {
  mac.configure({ timing: { shutdown: 8_000 } });
  expect(await mac.rusta(['up', 'lab'])).toMatchObject({ code: 0 });
  const down = mac.start(RUSTA, ['down', 'lab']);
  await waitUntil('the request', () => commands(mac, 'tart').some((line) => line.includes('shutdown')));
  const up = await mac.rusta(['up', 'lab']);
  expect(up).toMatchObject({ code: 0 });
  expect(up.stdout).toMatch(/^==> VM 'lab' is being shut down by 'rusta down lab \(pid \d+\)': waiting for that/);
  expect(up.stdout).toContain("[ok] VM 'lab' is running");
  expect(await down.exited).toMatchObject({ code: 0 });
  expect(mac.vm('lab').isRunning).toBe(true);
});

test('when create is at work on a VM, then up says who has it', async () => {
  mac.configure({ faults: [{ program: 'guest:apt-get', do: 'hang' }] });
  const create = mac.start(RUSTA, ['create', 'new']);
  await waitUntil('apt-get', () => mac.calls('guest:apt-get').length > 0);
  const { code, stderr } = await mac.rusta(['up', 'new']);
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("'rusta create new (pid") });
  create.kill('SIGKILL');
  await create.exited;
});

test('up --graphical of a VM that runs headless says how to get a window', async () => {
  expect(await mac.rusta(['up', 'lab'])).toMatchObject({ code: 0 });
  const up = await mac.rusta(['up', 'lab', '--graphical']);
  expect(up.code).toBe(0);
  expect(up.stdout + up.stderr).toContain('It runs headless. For a window it has to start anew: rusta restart lab --graphical');
});

test('when the guest does not hear yet, then down asks again until it does', async () => {
  mac.configure({ timing: { agentUp: 3_000, execWindow: 100 }, behavior: { ignoresPowerButton: true } });
  const up = mac.start(RUSTA, ['up', 'lab']);
  await mac.event('locked', 'lab');
  up.kill('SIGINT');
  await up.exited;
  expect(await mac.rusta(['down', 'lab', '--timeout', '30'], { timeoutMs: 60_000 })).toMatchObject({ code: 0, stderr: '' });
  expect(commands(mac, 'tart').filter((line) => line.includes('shutdown')).length).toBeGreaterThan(1);
});

test('a VM that dies while it is provisioned leaves no pid', async () => {
  mac.configure({ faults: [{ program: 'guest:apt-get', do: 'hang' }] });
  const create = mac.start(RUSTA, ['create', 'new']);
  await waitUntil('apt-get', () => mac.calls('guest:apt-get').length > 0);
  process.kill(mac.vm('new').runPid, 'SIGKILL');
  expect(await create.exited).toMatchObject({ code: 1 });
  expect(existsSync(ours(mac, 'run/new.pid'))).toBe(false);
  expect(existsSync(ours(mac, 'run/new.boot'))).toBe(false);
});

test('set-gui off writes down its choice', async () => {
  expect((await mac.rusta(['set-gui', 'lab', 'off'])).stdout).toContain('boots headless already');
  expect(readState(mac)).toBe('[vms.lab]\ngui = false\n');
});

test('the name prompt offers a free name, asks again for a taken one, and offers to go on with an unfinished VM', async () => {
  await mac.addVm('ubuntu-2404');
  mac.configure({ faults: [{ program: 'guest:apt-get', do: 'exit', code: 100 }] });
  expect(await mac.rusta(['create', 'half'])).toMatchObject({ code: 1 });
  mac.configure({ faults: [] });
  await using terminal = openTerminal(mac, RUSTA, ['create']);
  await terminal.waitFor('VM name [ubuntu-2404-2]: ');
  terminal.type('lab\r');
  await terminal.waitFor("VM 'lab' already exists: choose another name.");
  terminal.type('half\r');
  await terminal.waitFor(/VM 'half' is not complete, its creation stopped while provisioning\. Go on with\s+it\?/);
  terminal.type('y\r');
  expect((await terminal.exited).code).toBe(0);
  expect(commands(mac, 'tart').filter((line) => line.startsWith('clone'))).toHaveLength(1);
});

test('any VM that tart list shows can be named, but a new one follows the rule', async () => {
  for (const name of ['my vm', '.hidden', 'größe']) {
    await mac.addVm(name);
    expect((await mac.rusta(['default', name])).stderr).toContain(name);
    expect(await mac.rusta(['down', name])).toMatchObject({ code: 0 });
    expect(await mac.rusta(['create', name])).toMatchObject({ code: 1, stderr: expect.stringContaining('invalid VM name') });
    expect(await mac.rusta(['delete', name, '--yes'])).toMatchObject({ code: 0 });
    expect(mac.vm(name).exists).toBe(false);
  }
});

test('a VM whose name has spaces is started, known by its process, and stopped', async () => {
  await mac.addVm('my vm');
  expect(await mac.rusta(['up', 'my vm'])).toMatchObject({ code: 0 });
  mac.configure({ faults: [{ program: 'tart', args: ['exec'], do: 'exit', code: 1 }] });
  expect(await mac.rusta(['down', 'my vm'])).toMatchObject({ code: 0 });
  expect(mac.vm('my vm').isRunning).toBe(false);
});

test('login admin / admin is said while it is the image’s own, another password never', async () => {
  expect((await mac.rusta(['create', 'one'])).stdout).toContain('login  admin / admin');
  const { stdout, stderr } = await mac.rusta(['create', 'two', '--user', 'bob', '--password', 's3cret']);
  expect(stdout + stderr).not.toContain('s3cret');
  expect(stdout).toContain('login  bob\n');
});

test('the recreate hint repeats the flags that the VM was made with, and never its password', async () => {
  const flags = ['--version', '22.04', '--cpus', '2', '--user', 'bob'];
  expect(await mac.rusta(['create', 'new', ...flags, '--password', 's3cret'])).toMatchObject({ code: 0 });
  const { stdout, stderr } = await mac.rusta(['create', 'new', '--cpus', '4', '--gui']);
  expect(stdout + stderr).toContain('To recreate: rusta delete new && rusta create new --version 22.04 --cpus 2 --user bob --password ...');
  expect(stdout + stderr).toContain('Not done: --cpus 4 (it has 2), --gui ubuntu-desktop');
  expect(stdout + stderr).not.toContain('s3cret');
});

test('where there is no VM, list says how to make one', async () => {
  expect(await mac.rusta(['delete', 'lab', '--yes'])).toMatchObject({ code: 0 });
  const { code, stdout, stderr } = await mac.rusta(['list']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'NAME   STATUS   DEFAULT\n' });
  expect(stderr).toContain("'rusta create' makes one");
});

test('a program that has ended while rusta was stopped has not taken too long', async () => {
  mac.configure({ timing: { agentUp: 2_000 } });
  const up = mac.start(RUSTA, ['up', 'lab'], { env: { RUSTA_AGENT_TIMEOUT: '4' } });
  await mac.event('locked', 'lab');
  up.kill('SIGSTOP');
  await Bun.sleep(6_000);
  up.kill('SIGCONT');
  expect(await up.exited).toMatchObject({ code: 0 });
});
