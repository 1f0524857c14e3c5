import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, lutimesSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runKilled, setTraps } from '../../sandbox/kill.ts';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { processesOf } from '../../sandbox/processes.ts';
import { TEST_MS, waitUntil } from '../../sandbox/wait.ts';
import { RUSTA } from '../rusta.ts';
import { commands, ours, readState, untilFree, writeState } from '../state.ts';

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

describe('a damaged VM is not gone', () => {
  beforeEach(async () => {
    const { folder } = await mac.addVm('lab');
    rmSync(join(folder, 'nvram.bin'));
    writeFileSync(join(folder, 'disk.img'), 'PRECIOUS');
  });
  const disk = () => readFileSync(join(mac.vm('lab').folder, 'disk.img'), 'utf8');

  test('list shows it, up names it, create refuses to overwrite it', async () => {
    const list = await mac.rusta(['list']);
    expect(list.stdout).toMatch(/^lab +damaged/m);
    expect(list.stderr).toContain(`[warn] VM 'lab' is damaged: nvram.bin is missing in ${mac.vm('lab').folder}`);
    for (const args of [
      ['up', 'lab'],
      ['create', 'lab'],
      ['create', 'LAB'],
      ['default', 'lab'],
    ]) {
      const { code, stderr } = await mac.rusta(args);
      expect({ args, code, stderr }).toMatchObject({
        args,
        code: 1,
        stderr: expect.stringContaining("VM 'lab' is damaged: nvram.bin is missing"),
      });
    }
    expect(disk()).toBe('PRECIOUS');
  });

  test('delete asks before it removes what is left, and says what it was', async () => {
    expect(await mac.rusta(['delete', 'lab'])).toMatchObject({ code: 1 });
    expect(disk()).toBe('PRECIOUS');
    const { code, stdout } = await mac.rusta(['delete', 'lab', '--yes']);
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("[ok] Deleted the damaged VM 'lab' (nvram.bin is missing"),
    });
    expect(existsSync(mac.vm('lab').folder)).toBe(false);
  });

  test('when it still runs, then its process is named, and ended only with --force-running', async () => {
    writeFileSync(join(mac.vm('lab').folder, 'nvram.bin'), '');
    expect(await mac.rusta(['up', 'lab'])).toMatchObject({ code: 0 });
    const pid = mac.vm('lab').runPid;
    rmSync(join(mac.vm('lab').folder, 'nvram.bin'));
    expect((await mac.rusta(['down', 'lab'])).stderr).toContain(`Its process still runs (pid ${pid})`);
    expect((await mac.rusta(['delete', 'lab', '--yes'])).stderr).toContain(`VM 'lab' is running (pid ${pid})`);
    expect(await mac.rusta(['delete', 'lab', '--yes', '--force-running'])).toMatchObject({ code: 0 });
    expect(processesOf(mac.root)).not.toContain(pid);
  });
});

test.each(['', '{"version":1,'])('a VM whose config.json holds %p: up says so', async (config) => {
  const { folder } = await mac.addVm('lab');
  writeFileSync(join(folder, 'config.json'), config);
  const up = await mac.rusta(['up', 'lab']);
  expect(up.code).toBe(1);
  expect(up.stderr).toContain("[error] VM 'lab' did not start, 'tart run' exited with 1: its config.json is damaged\n");
  expect(up.stderr).toContain(`Put a whole one back into ${folder}, or create it anew: rusta delete lab\n`);
});

describe('records belong to a VM, not to a name', () => {
  test('when a VM was deleted behind our back, then the next one of its name inherits nothing', async () => {
    await mac.addVm('lab');
    writeState(mac, '[vms.lab]\nuser = "bob"\nkey = true\ndocker = true\n');
    mkdirSync(join(mac.home, '.ssh'), { recursive: true });
    expect(await mac.rusta(['set-gui', 'lab', 'on'])).toMatchObject({ code: 0 });
    await mac.run('tart', ['delete', 'lab']);
    expect(await mac.rusta(['create', 'lab'])).toMatchObject({ code: 0, stderr: '' });
    expect(readState(mac)).toBe('[vms.lab]\ngui = false\n');
  });

  test('when the user cloned another VM under the name of one with Docker, then up leaves the alias alone', async () => {
    await mac.addVm('lab');
    expect(await mac.rusta(['docker-setup', 'lab'])).toMatchObject({ code: 0 });
    const config = () => readFileSync(join(mac.home, '.ssh/config'), 'utf8');
    const before = config();
    await mac.run('tart', ['delete', 'lab']);
    await mac.run('tart', ['clone', 'ghcr.io/cirruslabs/ubuntu:24.04', 'lab']);
    for (const args of [
      ['up', 'lab'],
      ['up', 'lab'],
    ]) {
      const { code, stdout } = await mac.rusta(args);
      expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.not.stringContaining('alias') });
    }
    expect(config()).toBe(before);
    expect((await mac.rusta(['delete', 'lab', '--yes', '--force-running'])).stdout).toContain('and with it: SSH alias docker-lab');
  });

  test('after tart rename the record follows, and the old name is free', async () => {
    await mac.addVm('lab');
    expect(await mac.rusta(['set-gui', 'lab', 'on'])).toMatchObject({ code: 0 });
    await mac.run('tart', ['rename', 'lab', 'web']);
    await mac.addVm('lab');
    await mac.rusta(['up', 'web']);
    await mac.rusta(['up', 'lab']);
    expect(commands(mac, 'tart').filter((line) => line.startsWith('run'))).toEqual(['run web', 'run lab --no-graphics']);
  });

  test('after tart rename delete removes what was made under the old name, unless another VM has it by now', async () => {
    const { guest } = await mac.addVm('lab');
    mkdirSync(join(guest, 'etc/ssh'), { recursive: true });
    writeFileSync(join(guest, 'etc/ssh/ssh_host_ed25519_key.pub'), `ssh-ed25519 ${'A'.repeat(40)} root@ubuntu\n`);
    expect(await mac.rusta(['docker-setup', 'lab'])).toMatchObject({ code: 0 });
    expect(await mac.rusta(['ssh-setup', 'lab'])).toMatchObject({ code: 0 });
    await mac.run('tart', ['rename', 'lab', 'tmp']);
    expect(await mac.rusta(['set-gui', 'tmp', 'on'])).toMatchObject({ code: 0 });
    await mac.run('tart', ['rename', 'tmp', 'web']);
    expect((await mac.rusta(['delete', 'web', '--yes'])).stdout).toContain(
      'SSH alias docker-lab, Docker context docker-lab, SSH alias rusta-lab',
    );
    expect(readFileSync(join(mac.home, '.ssh/config'), 'utf8')).not.toContain('lab');
    expect((await mac.run('docker', ['context', 'ls'])).stdout).not.toContain('docker-lab');
    expect(existsSync(ours(mac, 'known_hosts/lab'))).toBe(false);

    await mac.addVm('one');
    expect(await mac.rusta(['docker-setup', 'one'])).toMatchObject({ code: 0 });
    await mac.run('tart', ['rename', 'one', 'two']);
    await mac.addVm('one');
    expect(await mac.rusta(['docker-setup', 'one'])).toMatchObject({ code: 0 });
    expect(await mac.rusta(['delete', 'two', '--yes'])).toMatchObject({ code: 0, stdout: "[ok] Deleted VM 'two'\n" });
    expect(readFileSync(join(mac.home, '.ssh/config'), 'utf8')).toContain('Host docker-one\n');
  });

  test('when a running VM was renamed and another has its name, then down of that one signals only its own process', async () => {
    await mac.addVm('lab');
    mac.configure({ behavior: { agent: 'never' } });
    await mac.rusta(['up', 'lab'], { env: { RUSTA_AGENT_TIMEOUT: '1' } });
    await mac.run('tart', ['rename', 'lab', 'web']);
    const { runPid } = mac.vm('web');
    await mac.addVm('lab', { running: true });
    expect(await mac.rusta(['down', 'lab', '--timeout', '2'])).toMatchObject({ code: 1 });
    expect(mac.vm('web').runPid).toBe(runPid);
  });

  test('when a copy was put in the place of a VM that runs, then its process is named, with what shuts it down cleanly', async () => {
    const { folder } = await mac.addVm('lab');
    expect(await mac.rusta(['up', 'lab'])).toMatchObject({ code: 0 });
    const { runPid } = mac.vm('lab');
    renameSync(folder, join(mac.root, 'former'));
    await mac.addVm('lab');
    const { stderr } = await mac.rusta(['up', 'lab']);
    expect(stderr).toBe(
      `[warn] the process of a former VM 'lab' still runs: 'kill -USR2 ${runPid}' shuts it down, 'kill ${runPid}' cuts its power\n`,
    );
    expect(processesOf(mac.root)).toContain(runPid);
  });

  test('when Tart does not show a VM that is on record, then that is said', async () => {
    writeState(mac, '[vms.lab]\nuser = "bob"\n');
    const { code, stderr } = await mac.rusta(['up', 'lab']);
    expect(code).toBe(2);
    expect(stderr).toContain(`rusta knows VM 'lab', but Tart does not show it in ${mac.tartHome}: was it deleted or moved`);
    expect((await mac.rusta(['up'])).stderr).toContain("rusta knows 'lab', but Tart does not show it");
  });

  test('a value of a newer rusta in the record of one VM costs only that VM', async () => {
    await mac.addVm('lab');
    await mac.addVm('other');
    writeState(mac, '[vms.other]\nsetup = "settling"\n');
    for (const args of [['list'], ['up', 'lab'], ['down', 'lab'], ['create', 'new']]) {
      expect(await mac.rusta(args)).toMatchObject({ code: 0 });
    }
    const { code, stderr } = await mac.rusta(['up', 'other']);
    expect(code).toBe(1);
    expect(stderr).toContain("vms.other.setup is 'settling'");
    expect(await mac.rusta(['delete', 'other', '--yes'])).toMatchObject({ code: 1 });
    expect(mac.vm('other').exists).toBe(true);
  });
});

test('settings behind a link that leads nowhere are not missing settings', async () => {
  await mac.addVm('lab');
  mkdirSync(dirname(ours(mac, 'state.toml')), { recursive: true });
  symlinkSync('/Volumes/gone/state.toml', ours(mac, 'state.toml'));
  for (const args of [['list'], ['up', 'lab'], ['set-gui', 'lab', 'on']]) {
    const { code, stderr } = await mac.rusta(args);
    expect(code).toBe(1);
    expect(stderr).toContain('state.toml is a link to /Volumes/gone/state.toml, which is not there');
  }
});

test('a suspended VM is not stopped: down says so, down --force drops the snapshot', async () => {
  const { folder } = await mac.addVm('lab');
  writeFileSync(join(folder, 'state.vzvmsave'), '');
  expect((await mac.rusta(['down', 'lab'])).stdout).toContain("[skip] VM 'lab' is suspended, not running: 'rusta down lab --force' drops");
  const up = await mac.rusta(['up', 'lab']);
  expect(up.code).toBe(1);
  expect(up.stderr).not.toContain('<vm>');
  expect(await mac.rusta(['down', 'lab', '--force'])).toMatchObject({ code: 0 });
  expect(existsSync(join(folder, 'state.vzvmsave'))).toBe(false);
  expect((await mac.rusta(['down', 'lab'])).stdout).toContain('already stopped');
});

test('a window without a desktop session is explained', async () => {
  await mac.addVm('lab');
  mac.configure({
    behavior: { bootError: 'FAILED TO establish the default connection to the WindowServer, _CGSDefaultConnection() is NULL.' },
  });
  const { code, stderr } = await mac.rusta(['up', 'lab', '--gui']);
  expect(code).toBe(1);
  expect(stderr).toContain('rusta up lab --no-gui');
});

test('the age of an image is said, a fresh one is not old', async () => {
  const reference = 'ghcr.io/cirruslabs/ubuntu:24.04';
  mac.addImage(reference);
  const link = join(mac.tartHome, 'cache/OCIs/ghcr.io/cirruslabs/ubuntu/24.04');
  expect((await mac.rusta(['create', 'new'])).stdout).not.toContain('ago');
  const weeks = Date.now() / 1_000 - 22 * 86_400;
  lutimesSync(link, weeks, weeks);
  expect((await mac.rusta(['create', 'lab'])).stdout).toContain(
    `It was cloned from an image of 3 weeks ago; 'tart pull ${reference}' gets the newest`,
  );
});

test('what this Mac cannot give is refused before the clone', async () => {
  // In place of the stand-in's, and not through its link.
  rmSync(join(mac.bin, 'sysctl'), { force: true });
  writeFileSync(join(mac.bin, 'sysctl'), '#!/bin/sh\nprintf "8\\n17179869184\\n"\n', { mode: 0o755 });
  for (const [args, text] of [
    [['--cpus', '9'], 'cannot have 9 CPUs: this Mac has 8'],
    [['--memory', '16385'], 'cannot have 16385 MB of memory: this Mac has 16384 MB'],
  ] as const) {
    const { code, stderr } = await mac.rusta(['create', 'lab', ...args]);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(text) });
  }
  expect(commands(mac, 'tart').some((line) => line.startsWith('clone'))).toBe(false);
  expect(await mac.rusta(['create', 'lab', '--cpus', '8', '--memory', '16384'])).toMatchObject({ code: 0 });
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
