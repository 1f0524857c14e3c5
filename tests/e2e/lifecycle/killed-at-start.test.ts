import { afterEach, beforeEach, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { createSkeleton } from '../../sandbox/scratch/skeleton.ts';
import { lockOwner } from '../../sandbox/tart/store/locks.ts';
import { ubuntuConfig, writeMachine } from '../../sandbox/tart/store/storage.ts';
import { randomMac } from '../../sandbox/tart/store/vm.ts';
import { waitUntil } from '../../sandbox/wait.ts';
import { RUSTA } from '../rusta.ts';
import { commands, ours } from '../state.ts';

/** The guest has no agent: only the power button reaches it, and that needs the pid of `tart run`. */
let mac: Mac;
beforeEach(async () => {
  mac = await createMac({ knobs: { behavior: { agent: 'never' } } });
});
afterEach(() => mac[Symbol.asyncDispose]());

/** Kills rusta at the moment between the start of `tart run` and its pid on file: what it wrote since is taken back. */
async function killedBeforeThePidWasWritten(...args: string[]): Promise<number> {
  const rusta = mac.start(RUSTA, args);
  await waitUntil('the pid on file', () => existsSync(ours(mac, 'run/lab.pid')) && mac.vm('lab').isRunning);
  rusta.kill('SIGKILL');
  await rusta.exited;
  rmSync(ours(mac, 'run/lab.pid'));
  const boot = ours(mac, 'run/lab.boot');
  writeFileSync(boot, readFileSync(boot, 'utf8').replace(/^\d+/, '0'));
  return mac.vm('lab').runPid;
}

test('create --resume shuts down by the power button what the killed create had just started', async () => {
  await killedBeforeThePidWasWritten('create', 'lab');
  mac.configure({ behavior: { agent: 'up' } });
  expect(await mac.rusta(['create', 'lab', '--resume'])).toMatchObject({ code: 0, stderr: '' });
  expect(mac.vm('lab').isRunning).toBe(false);
});

test('down reaches by the power button what a killed up had just started', async () => {
  await mac.addVm('lab');
  await killedBeforeThePidWasWritten('up', 'lab');
  expect(await mac.rusta(['down', 'lab', '--timeout', '20'])).toMatchObject({ code: 0, stderr: '' });
});

test('up waits for the boot that a killed up had just started, and starts no second one', async () => {
  await mac.addVm('lab');
  const pid = await killedBeforeThePidWasWritten('up', 'lab');
  const { code, stdout } = await mac.rusta(['up', 'lab'], { env: { RUSTA_AGENT_TIMEOUT: '1' } });
  expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining('is starting already') });
  expect(commands(mac, 'tart').filter((line) => line.startsWith('run'))).toHaveLength(1);
  expect(mac.vm('lab').runPid).toBe(pid);
});

test('when what was announced is off by now, then the VM of that name in another folder of Tart is not taken for it', async () => {
  await mac.addVm('lab');
  const TART_HOME = join(mac.root, 'other');
  const folder = join(TART_HOME, 'vms/lab');
  mkdirSync(folder, { recursive: true });
  writeMachine(folder, ubuntuConfig(randomMac()), 20);
  createSkeleton(join(folder, 'guest'), mac.knobs.user);
  await mac.run('sh', ['-c', `TART_HOME='${TART_HOME}' tart run --no-graphics lab > /dev/null 2>&1 &`]);
  await waitUntil('the other VM to run', () => lockOwner(folder) !== 0);
  await killedBeforeThePidWasWritten('up', 'lab');
  await mac.vm('lab').powerOff();
  expect(await mac.rusta(['down', 'lab'])).toMatchObject({ code: 0, stdout: "[skip] VM 'lab' is already stopped\n" });
  expect(lockOwner(folder)).not.toBe(0);
});
