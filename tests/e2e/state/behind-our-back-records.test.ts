import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { killAll, processesOf } from '../../sandbox/processes.ts';
import { waitUntil } from '../../sandbox/wait.ts';
import { RUSTA } from '../rusta.ts';
import { commands, ours, readState, writeState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

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

  test('when a VM is renamed to the name of a creation that was killed before its clone, then it keeps its own record', async () => {
    await mac.addVm('lab');
    expect(await mac.rusta(['set-gui', 'lab', 'on'])).toMatchObject({ code: 0 });
    mac.configure({ faults: [{ program: 'tart', args: ['clone'], do: 'hang' }] });
    const create = mac.start(RUSTA, ['create', 'web']);
    await waitUntil('the clone to begin', () => commands(mac, 'tart').some((line) => line.startsWith('clone')));
    create.kill('SIGKILL');
    await create.exited;
    await killAll(mac.root);
    mac.configure({ faults: [] });
    await mac.run('tart', ['rename', 'lab', 'web']);
    expect((await mac.rusta(['list'])).stdout).not.toContain('unfinished');
    expect(await mac.rusta(['up', 'web'])).toMatchObject({ code: 0 });
    expect(commands(mac, 'tart').filter((line) => line.startsWith('run'))).toEqual(['run web']);
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
