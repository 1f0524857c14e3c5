import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { macWithRunningLab } from '../running-lab.ts';
import { commands } from '../state.ts';
import { dockerSetup, sshConfig } from './helpers/aliases.ts';

setDefaultTimeout(60_000);
let mac: Mac;
beforeEach(async () => {
  mac = await macWithRunningLab();
});
afterEach(() => mac[Symbol.asyncDispose]());

const LEGACY = `# Docker VM: docker-lab (added by rusta docker-setup)
Host docker-lab
  HostName 192.0.2.9
  User admin
  IdentityFile ~/.ssh/id_ed25519
`;

describe('nothing is installed for what is not there', () => {
  test.each([
    ['ssh', 'absent', 2],
    ['ssh-copy', 'absent', 2],
    ['docker-setup', 'absent', 2],
    ['ssh', 'off', 1],
    ['ssh-copy', 'lab', 0],
  ])('%s of a VM that is %s', async (command, vm, code) => {
    await using bare = await createMac({ without: ['sshpass', 'docker'] });
    await bare.addVm('off');
    await bare.addVm('lab', { running: true });
    mkdirSync(join(bare.home, '.ssh'));
    expect((await bare.rusta([command, vm])).code).toBe(code);
    expect(commands(bare, 'brew')).toEqual([]);
  });
});

test('every shield of D12 stands in the block: what a user says for all hosts does not count', async () => {
  writeFileSync(sshConfig(mac), 'Host *\n  ProxyJump bastion.example.com\n  RemoteCommand tmux new -A\n');
  expect(await dockerSetup(mac)).toMatchObject({ code: 0, stdout: expect.stringContaining("Docker on VM 'lab' is ready") });
  const block = readFileSync(sshConfig(mac), 'utf8').split('Match all')[0];
  for (const line of [
    'ProxyCommand none',
    'RemoteCommand none',
    'PermitLocalCommand no',
    'ControlMaster no',
    'ControlPath none',
    'ForwardX11 no',
    'Tunnel no',
    'RequestTTY auto',
    'RevokedHostKeys none',
  ])
    expect(block).toContain(`  ${line}\n`);
});

test('a run over what is right already says so', async () => {
  await dockerSetup(mac);
  const { code, stdout } = await dockerSetup(mac);
  expect(code).toBe(0);
  expect(stdout).toContain(`[skip] SSH alias docker-lab already exists: admin@${mac.vm('lab').address}\n`);
  expect(stdout).toContain('[skip] Docker context docker-lab already exists: ssh://admin@docker-lab\n');
});

test('a docker that knows no contexts is found out before the work', async () => {
  mac.configure({ faults: [{ program: 'docker', do: 'exit', code: 125, stderr: 'Error: unrecognized command `podman context`' }] });
  const { code, stderr } = await dockerSetup(mac);
  expect(code).toBe(1);
  expect(stderr).toStartWith("[error] 'docker context ls' failed: Error: unrecognized command `podman context`\n");
  expect(stderr).toContain('brew install docker');
  expect(existsSync(join(mac.home, '.ssh/id_ed25519'))).toBe(false);
  expect(mac.calls('ssh')).toEqual([]);
});

test('however a docker says that there is no such context, one is made', async () => {
  mac.configure({ faults: [{ program: 'docker', args: ['context', 'inspect'], do: 'exit', code: 1, stderr: 'unheard of' }] });
  expect(await dockerSetup(mac)).toMatchObject({ code: 0, stdout: expect.stringContaining('[ok] Docker context docker-lab') });
});

test('an engine that the context does not reach is not said to be ready', async () => {
  mac.configure({
    faults: [{ program: 'docker', args: ['--context', 'docker-lab'], do: 'exit', code: 1, stderr: 'Cannot connect to the Docker daemon' }],
  });
  const { code, stdout, stderr } = await dockerSetup(mac);
  expect(code).toBe(1);
  expect(stdout).not.toContain('is ready');
  expect(stderr).toContain('Cannot connect to the Docker daemon');
});

describe("the predecessor's block", () => {
  test('is followed by up, taken over by docker-setup and removed by delete, with its context', async () => {
    writeFileSync(sshConfig(mac), `Host a\n  User a\n\n${LEGACY}`);
    await mac.run('docker', ['context', 'create', 'docker-lab', '--docker', 'host=ssh://admin@docker-lab']);
    const up = await mac.rusta(['up', 'lab']);
    expect(up.stdout).toContain(`[ok] SSH alias docker-lab now leads to ${mac.vm('lab').address}`);
    expect(readFileSync(sshConfig(mac), 'utf8')).toBe(`Host a\n  User a\n\n${LEGACY.replace('192.0.2.9', mac.vm('lab').address ?? '')}`);
    expect(await dockerSetup(mac)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('[skip] Docker context docker-lab already exists'),
    });
    expect(readFileSync(sshConfig(mac), 'utf8')).toEndWith('Match all\n# <<< rusta docker-lab <<<\nHost a\n  User a\n\n');
    expect(await mac.rusta(['delete', 'lab', '--yes', '--force-running'])).toMatchObject({ code: 0 });
    expect(readFileSync(sshConfig(mac), 'utf8')).toBe('Host a\n  User a\n\n');
    expect((await mac.run('docker', ['context', 'inspect', 'docker-lab'])).code).not.toBe(0);
  });

  test('goes with the VM though rusta never knew of it', async () => {
    writeFileSync(sshConfig(mac), LEGACY);
    await mac.run('docker', ['context', 'create', 'docker-lab', '--docker', 'host=ssh://admin@docker-lab']);
    expect(await mac.rusta(['delete', 'lab', '--yes', '--force-running'])).toMatchObject({ code: 0 });
    expect(readFileSync(sshConfig(mac), 'utf8')).toBe('');
    expect((await mac.run('docker', ['context', 'inspect', 'docker-lab'])).code).not.toBe(0);
  });
});

test("an alias of the user's own that leads elsewhere: nothing is said to lead to the VM, and no context is made", async () => {
  writeFileSync(sshConfig(mac), 'Host docker-lab\n  HostName elsewhere.example.com\n');
  const { code, stdout, stderr } = await dockerSetup(mac);
  expect(code).toBe(0);
  expect(stderr).toContain("[warn] ~/.ssh/config has an entry for 'docker-lab' that is not rusta's: it is left as it is");
  expect(stdout).toContain("'docker-lab' is an entry of your own that leads elsewhere");
  expect(stderr + stdout).not.toContain('is ready');
  expect((await mac.run('docker', ['context', 'inspect', 'docker-lab'])).code).not.toBe(0);
});
