import { afterEach, beforeEach, expect, test } from 'bun:test';
import { RUSTA } from '../e2e/rusta.ts';
import { commands } from '../e2e/state.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { untilAllEnd } from '../sandbox/processes.ts';
import { TEST_MS, waitUntil } from '../sandbox/wait.ts';
import { heldBack, holdBack, letGo } from './hold-back.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  // What prints nothing does not notice that its reader is gone.
  mac.addImage('ghcr.io/cirruslabs/ubuntu:24.04');
});
afterEach(() => mac[Symbol.asyncDispose]());

const clones = () => commands(mac, 'tart').filter((line) => line.startsWith('clone'));

/** Ends a command by kill -9 whose `tart clone` goes on until it is let go, and returns its pid. */
async function killedAmidClone(args: readonly string[]): Promise<number> {
  holdBack(mac, 'tart', '[ "$1" != clone ]');
  const command = mac.start(RUSTA, args);
  await waitUntil('tart clone', () => heldBack(mac).length === 1);
  command.kill('SIGKILL');
  await command.exited;
  return command.pid;
}

async function letCloneEnd(): Promise<void> {
  letGo(mac);
  await untilAllEnd(mac.root);
}

async function expectBusy(args: readonly string[], holder: string): Promise<void> {
  expect({ args, ...(await mac.rusta(args)) }).toMatchObject({
    args,
    code: 1,
    stdout: '',
    stderr: `[error] VM '${args[1]}' is busy: '${holder}' was killed, and the 'tart clone' that it had begun still runs
Wait for that to end, then try again: 'pgrep -lf tart.clone' shows it.
`,
  });
}

test(
  'when create is killed amid its clone, then the VM is busy until that ends, and is gone on with after it',
  async () => {
    const holder = `rusta create lab (pid ${await killedAmidClone(['create', 'lab'])})`;
    for (const args of [
      ['create', 'lab'],
      ['create', 'lab', '--resume'],
      ['create', 'LAB'],
      ['delete', 'lab', '--yes'],
    ]) {
      await expectBusy(args, holder);
    }
    await letCloneEnd();
    expect(await mac.rusta(['create', 'lab', '--resume', '--cpus', '2'])).toMatchObject({ code: 0, stderr: '' });
    expect(mac.vm('lab').config.cpuCount).toBe(2);
    expect(clones()).toHaveLength(1);
    expect((await mac.rusta(['list'])).stdout).toMatch(/^lab +stopped$/m);
  },
  TEST_MS,
);

test(
  'when the clone of a killed create ends without a VM, then the next create makes it',
  async () => {
    const holder = `rusta create lab (pid ${await killedAmidClone(['create', 'lab'])})`;
    await expectBusy(['create', 'lab'], holder);
    for (const pid of heldBack(mac)) process.kill(Number(pid), 'SIGKILL');
    await letCloneEnd();
    expect(await mac.rusta(['create', 'lab'])).toMatchObject({ code: 0, stderr: '' });
    expect((await mac.rusta(['list'])).stdout).toMatch(/^lab +stopped$/m);
  },
  TEST_MS,
);

test(
  'when a copy is killed, then both VMs are busy until its clone ends',
  async () => {
    await mac.addVm('lab');
    const pid = await killedAmidClone(['create', 'web', '--from', 'lab']);
    await expectBusy(['create', 'web'], `rusta create web (pid ${pid})`);
    await expectBusy(['delete', 'lab', '--yes'], `rusta create web --from lab (pid ${pid})`);
    await letCloneEnd();
    expect(await mac.rusta(['create', 'web', '--resume'])).toMatchObject({ code: 0, stderr: '' });
    expect(clones()).toHaveLength(1);
    expect(await mac.rusta(['up', 'lab'])).toMatchObject({ code: 0 });
  },
  TEST_MS,
);

test(
  'when run is killed amid its copy, then the next run waits for the source, and removes what that has left',
  async () => {
    await mac.addVm('lab');
    const run = ['run', '--from', 'lab', '--', 'true'];
    await killedAmidClone(run);
    const lists = () => commands(mac, 'tart').filter((line) => line.startsWith('list')).length;
    const before = lists();
    const next = mac.start(RUSTA, run);
    await waitUntil('it to look for the source', () => lists() > before);
    letGo(mac);
    expect(await next.exited).toMatchObject({ code: 0 });
    await untilAllEnd(mac.root);
    expect(await mac.rusta(run)).toMatchObject({ code: 0 });
    expect((await mac.rusta(['list'])).stdout).not.toContain('run-');
  },
  TEST_MS,
);
