/** A `create` that was killed, and what happened to its VM before the next one. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runKilled, setTraps } from '../../sandbox/kill.ts';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { TEST_MS, waitUntil } from '../../sandbox/wait.ts';
import { RUSTA } from '../rusta.ts';
import { commands, ours, readState, untilFree } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

const thesis = () => join(mac.vm('lab').guest, 'thesis.txt');

/** Leaves a clone that `create` was killed at before it had its size. */
async function killedWhileSizing(): Promise<void> {
  mac.configure({ faults: [{ program: 'tart', args: ['set'], do: 'hang' }] });
  const create = mac.start(RUSTA, ['create', 'lab', '--cpus', '2']);
  await waitUntil('tart set', () => commands(mac, 'tart').some((line) => line.startsWith('set')), 30_000);
  create.kill('SIGKILL');
  await create.exited;
  mac.configure({ faults: [] });
}

describe('an unfinished VM is gone on with, never made anew', () => {
  test('when it was used meanwhile, then what was done in it stays', async () => {
    await killedWhileSizing();
    expect((await mac.rusta(['up', 'lab'])).stderr).toContain("'rusta down lab && rusta create lab --resume' goes on");
    writeFileSync(thesis(), 'precious');
    expect(await mac.rusta(['down', 'lab'])).toMatchObject({ code: 0 });
    expect((await mac.rusta(['list'])).stdout).toMatch(/^lab +stopped +unfinished$/m);
    expect(await mac.rusta(['create', 'lab', '--resume'])).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(thesis(), 'utf8')).toBe('precious');
    expect(mac.vm('lab').config.cpuCount).toBe(2);
    expect(commands(mac, 'tart').filter((line) => line.startsWith('clone'))).toHaveLength(1);
    expect((await mac.rusta(['list'])).stdout).not.toContain('unfinished');
  });

  test('when a VM of the user has come to its name, then it is not what was unfinished', async () => {
    await mac.addVm('own');
    await killedWhileSizing();
    await mac.run('tart', ['delete', 'lab']);
    await mac.run('tart', ['rename', 'own', 'lab']);
    writeFileSync(thesis(), 'precious');
    expect(await mac.rusta(['create', 'lab', '--resume'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\[skip\] VM 'lab' already exists\nTo recreate: /),
    });
    expect(readFileSync(thesis(), 'utf8')).toBe('precious');
  });

  test('when other sizes are asked for, then it gets them; a smaller disk is refused', async () => {
    await killedWhileSizing();
    expect(await mac.rusta(['create', 'lab', '--resume', '--cpus', '4', '--disk', '90'])).toMatchObject({ code: 0 });
    expect(mac.vm('lab').config.cpuCount).toBe(4);
    expect(commands(mac, 'tart').find((line) => line.startsWith('set') && line.includes('90'))).toBeDefined();
    expect(readState(mac)).toContain('flags = [ "--cpus", "4", "--disk", "90" ]');
  });
});

test('after kill -9 at any program, --resume or create ends with a whole VM, whatever still runs', async () => {
  setTraps(mac, ['tart', 'uname']);
  const kill9At = (program: number, vm: string) => runKilled(mac, [RUSTA, 'create', vm], { program, delay: 0 });
  const { started } = await kill9At(1_000, 'count');
  for (let at = 1; at <= started; at += 1) {
    const vm = `vm${at}`;
    await kill9At(at, vm);
    await untilFree(mac);
    const again = await mac.rusta(['create', vm, '--resume']);
    if (again.code === 2) expect(await mac.rusta(['create', vm])).toMatchObject({ code: 0 });
    else expect({ at, ...again }).toMatchObject({ at, code: 0 });
    await waitUntil(`${vm} to be off`, () => !mac.vm(vm).isRunning, 30_000);
    expect((await mac.rusta(['list'])).stdout).toMatch(new RegExp(`^${vm} +stopped$`, 'm'));
  }
}, 300_000);

describe('the boot of a killed create that Tart does not list yet', () => {
  const lists = () => commands(mac, 'tart').filter((line) => line.startsWith('list')).length;

  async function killedWhileBooting(): Promise<void> {
    mac.configure({ timing: { lock: TEST_MS } });
    const create = mac.start(RUSTA, ['create', 'lab']);
    await mac.event('starting', 'lab');
    await waitUntil('its pid', () => existsSync(ours(mac, 'run/lab.pid')));
    create.kill('SIGKILL');
    await create.exited;
  }

  test('is ended by --resume', async () => {
    await killedWhileBooting();
    const resume = mac.start(RUSTA, ['create', 'lab', '--resume']);
    await resume.waitFor('Shutting VM');
    mac.configure({ timing: { lock: 0 } });
    expect(await resume.exited).toMatchObject({ code: 0, stderr: '' });
    expect((await mac.rusta(['list'])).stdout).toMatch(/^lab +stopped$/m);
  });

  test('also where create was killed before it could write down the pid', async () => {
    await killedWhileBooting();
    rmSync(ours(mac, 'run/lab.pid'));
    writeFileSync(ours(mac, 'run/lab.boot'), readFileSync(ours(mac, 'run/lab.boot'), 'utf8').replace(/^\d+/, '0'));
    const before = lists();
    const resume = mac.start(RUSTA, ['create', 'lab', '--resume']);
    await waitUntil('it to look again', () => lists() > before + 1);
    mac.configure({ timing: { lock: 0 } });
    expect(await resume.exited).toMatchObject({ code: 0, stderr: '' });
    expect(commands(mac, 'tart').filter((line) => line.startsWith('run'))).toHaveLength(2);
    expect((await mac.rusta(['list'])).stdout).toMatch(/^lab +stopped$/m);
  });
});
