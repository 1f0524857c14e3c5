/** The way into the VM that an alias is for, failures on it, and the end of the alias with its VM. */
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import type { Mac } from '../../sandbox/mac.ts';
import { commands } from '../state.ts';
import { sshConfig, sshSetup } from './helpers/aliases.ts';
import { knownHosts, macWithHostKeys, writeSshConfig } from './helpers/ssh-setup.ts';

setDefaultTimeout(60_000);
let mac: Mac;
beforeEach(async () => {
  mac = await macWithHostKeys();
});
afterEach(() => mac[Symbol.asyncDispose]());

test('ssh reaches the guest by that name, at its address and without one', async () => {
  await sshSetup(mac);
  const login = () => mac.run('ssh', ['rusta-lab', 'cat; hostname'], { stdin: 'sent\n' });
  expect(await login()).toMatchObject({ code: 0, stdout: 'sent\nubuntu\n', stderr: '' });
  mac.configure({ behavior: { network: 'refused' } });
  expect(await login()).toMatchObject({ code: 0, stdout: 'sent\nubuntu\n', stderr: '' });
  const isExec = (call: string) => call.startsWith('exec -i lab perl ');
  expect(commands(mac, 'tart').filter(isExec)).toHaveLength(1);
});

test('a VM that is off is booted for it, and shut down', async () => {
  await mac.rusta(['down', 'lab']);
  expect(await sshSetup(mac)).toMatchObject({ code: 0, stdout: expect.stringContaining("[ok] SSH alias rusta-lab: admin in VM 'lab'\n") });
  expect(mac.vm('lab').isRunning).toBe(false);
});

describe('what is said of it', () => {
  test('an agent that does not answer: nothing is written', async () => {
    mac.configure({ faults: [{ program: 'tart', args: ['exec', '-i', 'lab', 'sudo'], do: 'exit', code: 1, stderr: 'no agent' }] });
    expect(await sshSetup(mac)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("[error] the SSH host keys of VM 'lab' cannot be read: no agent\n"),
    });
    expect(existsSync(sshConfig(mac))).toBe(false);
  });

  test('a login by that name that fails is told with what ssh said', async () => {
    mac.configure({
      faults: [{ program: 'ssh', args: ['-o', 'BatchMode=yes', '-T'], do: 'exit', code: 255, stderr: 'Host key verification failed.' }],
    });
    const { code, stderr } = await sshSetup(mac);
    expect(code).toBe(1);
    expect(stderr).toStartWith(
      "[error] VM 'lab' is set up, but 'rusta-lab' cannot be used: 'ssh rusta-lab' fails: Host key verification failed.\n",
    );
    expect(stderr).toContain('ssh -v rusta-lab true');
  });

  test('a name that no config can hold, and a VM that is not there', async () => {
    await mac.addVm('my lab');
    expect(await mac.rusta(['ssh-setup', 'my lab'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("VM 'my lab' cannot have an SSH alias"),
    });
    expect(await mac.rusta(['ssh-setup', 'nobody'])).toMatchObject({ code: 2 });
  });
});

describe('it goes with the VM', () => {
  test('delete removes the block and the known host keys, and nothing else', async () => {
    writeSshConfig(mac, 'Host a\n  User a\n');
    await sshSetup(mac);
    expect(await mac.rusta(['delete', 'lab', '--yes', '--force-running'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('and with it: SSH alias rusta-lab'),
    });
    expect(readFileSync(sshConfig(mac), 'utf8')).toBe('Host a\n  User a\n');
    expect(existsSync(knownHosts(mac))).toBe(false);
  });

  test('a new VM of that name inherits neither', async () => {
    mac.addImage('ghcr.io/cirruslabs/ubuntu:24.04');
    await sshSetup(mac);
    await mac.rusta(['down', 'lab']);
    await mac.run('tart', ['delete', 'lab']);
    expect(await mac.rusta(['create', 'lab'])).toMatchObject({ code: 0 });
    expect(readFileSync(sshConfig(mac), 'utf8')).toBe('');
    expect(existsSync(knownHosts(mac))).toBe(false);
  });
});
