import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { hasManyAddresses } from '../../sandbox/scratch/loopback.ts';
import { macWithRunningLab } from '../running-lab.ts';
import { commands } from '../state.ts';

setDefaultTimeout(60_000);
let mac: Mac;
beforeEach(async () => {
  mac = await macWithRunningLab();
});
afterEach(() => mac[Symbol.asyncDispose]());

const config = () => join(mac.home, '.ssh/config');
const setup = (vm = 'lab') => mac.rusta(['docker-setup', vm]);
const pinned = (alias: string) => new RegExp(`Host ${alias}\\n\\s+HostName (.*)\\n`).exec(readFileSync(config(), 'utf8'))?.[1];
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
  writeFileSync(config(), 'Host *\n  ProxyJump bastion.example.com\n  RemoteCommand tmux new -A\n');
  expect(await setup()).toMatchObject({ code: 0, stdout: expect.stringContaining("Docker on VM 'lab' is ready") });
  const block = readFileSync(config(), 'utf8').split('Match all')[0];
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
  await setup();
  const { code, stdout } = await setup();
  expect(code).toBe(0);
  expect(stdout).toContain(`[skip] SSH alias docker-lab already exists: admin@${mac.vm('lab').address}\n`);
  expect(stdout).toContain('[skip] Docker context docker-lab already exists: ssh://admin@docker-lab\n');
});

test('a docker that knows no contexts is found out before the work', async () => {
  mac.configure({ faults: [{ program: 'docker', do: 'exit', code: 125, stderr: 'Error: unrecognized command `podman context`' }] });
  const { code, stderr } = await setup();
  expect(code).toBe(1);
  expect(stderr).toStartWith("[error] 'docker context ls' failed: Error: unrecognized command `podman context`\n");
  expect(stderr).toContain('brew install docker');
  expect(existsSync(join(mac.home, '.ssh/id_ed25519'))).toBe(false);
  expect(mac.calls('ssh')).toEqual([]);
});

test('however a docker says that there is no such context, one is made', async () => {
  mac.configure({ faults: [{ program: 'docker', args: ['context', 'inspect'], do: 'exit', code: 1, stderr: 'unheard of' }] });
  expect(await setup()).toMatchObject({ code: 0, stdout: expect.stringContaining('[ok] Docker context docker-lab') });
});

test('an engine that the context does not reach is not said to be ready', async () => {
  mac.configure({
    faults: [{ program: 'docker', args: ['--context', 'docker-lab'], do: 'exit', code: 1, stderr: 'Cannot connect to the Docker daemon' }],
  });
  const { code, stdout, stderr } = await setup();
  expect(code).toBe(1);
  expect(stdout).not.toContain('is ready');
  expect(stderr).toContain('Cannot connect to the Docker daemon');
});

describe("the predecessor's block", () => {
  test('is followed by up, taken over by docker-setup and removed by delete, with its context', async () => {
    writeFileSync(config(), `Host a\n  User a\n\n${LEGACY}`);
    await mac.run('docker', ['context', 'create', 'docker-lab', '--docker', 'host=ssh://admin@docker-lab']);
    const up = await mac.rusta(['up', 'lab']);
    expect(up.stdout).toContain(`[ok] SSH alias docker-lab now leads to ${mac.vm('lab').address}`);
    expect(readFileSync(config(), 'utf8')).toBe(`Host a\n  User a\n\n${LEGACY.replace('192.0.2.9', mac.vm('lab').address ?? '')}`);
    expect(await setup()).toMatchObject({ code: 0, stdout: expect.stringContaining('[skip] Docker context docker-lab already exists') });
    expect(readFileSync(config(), 'utf8')).toEndWith('Match all\n# <<< rusta docker-lab <<<\nHost a\n  User a\n\n');
    expect(await mac.rusta(['delete', 'lab', '--yes', '--force-running'])).toMatchObject({ code: 0 });
    expect(readFileSync(config(), 'utf8')).toBe('Host a\n  User a\n\n');
    expect((await mac.run('docker', ['context', 'inspect', 'docker-lab'])).code).not.toBe(0);
  });

  test('goes with the VM though rusta never knew of it', async () => {
    writeFileSync(config(), LEGACY);
    await mac.run('docker', ['context', 'create', 'docker-lab', '--docker', 'host=ssh://admin@docker-lab']);
    expect(await mac.rusta(['delete', 'lab', '--yes', '--force-running'])).toMatchObject({ code: 0 });
    expect(readFileSync(config(), 'utf8')).toBe('');
    expect((await mac.run('docker', ['context', 'inspect', 'docker-lab'])).code).not.toBe(0);
  });
});

test("an alias of the user's own that leads elsewhere: nothing is said to lead to the VM, and no context is made", async () => {
  writeFileSync(config(), 'Host docker-lab\n  HostName elsewhere.example.com\n');
  const { code, stdout, stderr } = await setup();
  expect(code).toBe(0);
  expect(stderr).toContain("[warn] ~/.ssh/config has an entry for 'docker-lab' that is not rusta's: it is left as it is");
  expect(stdout).toContain("'docker-lab' is an entry of your own that leads elsewhere");
  expect(stderr + stdout).not.toContain('is ready');
  expect((await mac.run('docker', ['context', 'inspect', 'docker-lab'])).code).not.toBe(0);
});

describe('addresses', () => {
  test("docker's bridge is not taken for the VM's address, in what is printed or in the alias", async () => {
    expect(await setup()).toMatchObject({ code: 0 });
    await mac.rusta(['down', 'lab']);
    mac.configure({
      behavior: { docker0: true },
      faults: [{ program: 'tart', args: ['ip', 'lab'], times: 1, do: 'exit', code: 1, stderr: 'no IP address found' }],
    });
    const up = await mac.rusta(['up', 'lab']);
    expect(up.stdout).toContain(`[ok] IP address: ${mac.vm('lab').address}`);
    expect(pinned('docker-lab')).toBe(mac.vm('lab').address);
  });

  test('up on a VM that runs looks at the address for its alias: one call of tart more, and none without an alias', async () => {
    await mac.addVm('bare', { running: true });
    const calls = async (vm: string) => {
      const before = mac.calls('tart').length;
      const result = await mac.rusta(['up', vm]);
      return { result, calls: commands(mac, 'tart').slice(before) };
    };
    expect((await calls('bare')).calls).toEqual(['list --format json']);
    await setup();
    expect(await calls('lab')).toMatchObject({
      calls: ['list --format json', 'ip lab'],
      result: { code: 0, stdout: "[skip] VM 'lab' is already running\n" },
    });
    writeFileSync(config(), readFileSync(config(), 'utf8').replace(/HostName .*/, 'HostName 192.0.2.99'));
    expect((await calls('lab')).result.stdout).toContain(`[ok] SSH alias docker-lab now leads to ${mac.vm('lab').address}`);
    expect(pinned('docker-lab')).toBe(mac.vm('lab').address);
  });

  test('a config that cannot be read does not keep a VM from running, and what should be in it is told', async () => {
    await setup();
    rmSync(config());
    mkdirSync(config());
    const up = await mac.rusta(['up', 'lab']);
    expect(up).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^\[warn] the SSH alias docker-lab cannot be looked at: .*\.ssh\/config/m),
    });
    await mac.addVm('plain', { running: true });
    expect(await mac.rusta(['up', 'plain'])).toMatchObject({ code: 0, stderr: '' });
  });

  test('a config on a disk that is not mounted is found out before the work; one that is yet to be made is made', async () => {
    symlinkSync('/Volumes/gone/config', config());
    const { code, stdout, stderr } = await setup();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toStartWith(`[error] ${config()} cannot be read: ${config()} is a link to /Volumes/gone/config, which is not there\n`);
    expect(mac.calls('ssh')).toEqual([]);
    rmSync(config());
    symlinkSync('../dotfile', config());
    expect(await setup()).toMatchObject({ code: 0 });
    expect(readFileSync(join(mac.home, 'dotfile'), 'utf8')).toContain('Host docker-lab\n');
  });

  // On a Mac all guests of the stand-in have one address.
  test.skipIf(!hasManyAddresses())('an old lease that leads to another VM is not followed', async () => {
    await mac.addVm('other', { running: true });
    mac.configure({ faults: [{ program: 'tart', args: ['ip', 'lab'], do: 'exit', code: 0, stdout: `${mac.vm('other').address}\n` }] });
    expect(await mac.rusta(['ssh', 'lab', '--', 'touch', 'here'])).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(join(mac.vm('lab').guest, 'home/admin/here'))).toBe(true);
    expect(existsSync(join(mac.vm('other').guest, 'home/admin/here'))).toBe(false);
  });

  test('an address that another VM gets goes from the block that had it', async () => {
    await setup();
    await mac.addVm('web', { running: true });
    writeFileSync(config(), readFileSync(config(), 'utf8').replace(/HostName .*/, `HostName ${mac.vm('web').address}`));
    expect(await setup('web')).toMatchObject({ code: 0 });
    expect([pinned('docker-web'), pinned('docker-lab')]).toEqual([mac.vm('web').address, 'address-of-another-vm.invalid']);
    await mac.rusta(['up', 'lab']);
    expect(pinned('docker-lab')).toBe(mac.vm('lab').address);
  });
});

test('what ssh keeps while it runs is gone after it, and the address goes with the VM', async () => {
  await mac.rusta(['ssh', 'lab', '--', 'true']);
  const run = join(mac.home, '.local/share/rusta/run');
  expect(readFileSync(join(run, 'lab.address'), 'utf8')).toEndWith(` ${mac.vm('lab').address} proven\n`);
  expect([...new Bun.Glob('{.*,*}').scanSync({ cwd: run, dot: true })].filter((name) => name.includes('ssh'))).toEqual([]);
  await mac.rusta(['delete', 'lab', '--yes', '--force-running']);
  expect(existsSync(join(run, 'lab.address'))).toBe(false);
});

test('a folder of state that cannot be written does not keep anybody from ssh', async () => {
  const folder = join(mac.home, '.local/share/rusta');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'run'), 'in the way');
  chmodSync(folder, 0o500);
  expect(await mac.rusta(['ssh', 'lab', '--', 'echo', 'in'])).toMatchObject({ code: 0, stdout: 'in\n', stderr: '' });
});
