import { afterEach, beforeEach, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { createSkeleton } from '../../sandbox/scratch/skeleton.ts';
import { ubuntuConfig, writeMachine } from '../../sandbox/tart/store/storage.ts';
import { randomMac } from '../../sandbox/tart/store/vm.ts';
import { commands, ours, writeState } from '../state.ts';

/** Two folders of Tart's, each with a VM `lab`: the Mac's own, and one on another disk. */
let mac: Mac;
let other: { readonly env: { readonly TART_HOME: string } };
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab');
  const TART_HOME = join(mac.root, 'disk', 'tart');
  other = { env: { TART_HOME } };
  addVm('lab');
});
afterEach(() => mac[Symbol.asyncDispose]());

function addVm(name: string): void {
  const folder = join(other.env.TART_HOME, 'vms', name);
  mkdirSync(folder, { recursive: true });
  writeMachine(folder, ubuntuConfig(randomMac()), 20);
  createSkeleton(join(folder, 'guest'), mac.knobs.user);
}

test('what is done to a VM of one folder leaves the VM of that name in another one alone', async () => {
  expect(await mac.rusta(['up', 'lab'])).toMatchObject({ code: 0 });
  const pid = mac.vm('lab').runPid;
  expect((await mac.rusta(['list'], other)).stdout).toMatch(/^lab +stopped/m);
  expect(await mac.rusta(['down', 'lab'], other)).toMatchObject({ code: 0, stdout: "[skip] VM 'lab' is already stopped\n" });
  expect((await mac.rusta(['up', 'lab'], other)).stdout).toContain("[ok] VM 'lab' is running");
  expect(await mac.rusta(['down', 'lab'], other)).toMatchObject({ code: 0 });
  expect((await mac.rusta(['delete', 'lab', '--yes', '--force-running'], other)).stdout).toContain("[ok] Deleted VM 'lab'");
  expect(mac.vm('lab').runPid).toBe(pid);
  expect(readFileSync(ours(mac, 'run/lab.pid'), 'utf8')).toBe(`${pid}\n`);
  expect(await mac.rusta(['down', 'lab'])).toMatchObject({ code: 0 });
});

test('when both run and the agent of one is deaf, then no signal reaches the other', async () => {
  mac.configure({ behavior: { agent: 'never' } });
  await mac.run('sh', ['-c', `TART_HOME='${other.env.TART_HOME}' tart run --no-graphics lab > /dev/null 2>&1 &`]);
  await mac.rusta(['up', 'lab'], { env: { RUSTA_AGENT_TIMEOUT: '1' } });
  const pid = mac.vm('lab').runPid;
  const { code, stderr } = await mac.rusta(['down', 'lab', '--timeout', '2'], other);
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('did not take the request to shut down') });
  expect(mac.vm('lab').runPid).toBe(pid);
  expect(await mac.rusta(['down', 'lab', '--force'], other)).toMatchObject({ code: 0 });
  expect(mac.vm('lab').runPid).toBe(pid);
});

test('records, the default and logs belong to one folder, sources and images to all', async () => {
  expect(await mac.rusta(['default', 'lab'])).toMatchObject({ code: 0 });
  expect(await mac.rusta(['source', 'add', 'ghcr.io/acme'])).toMatchObject({ code: 0 });
  expect(await mac.rusta(['default'], other)).toMatchObject({ code: 1 });
  expect(await mac.rusta(['set-gui', 'lab', 'on'], other)).toMatchObject({ code: 0 });
  expect((await mac.rusta(['source'], other)).stdout).toContain('ghcr.io/acme');
  const [folder = ''] = readdirSync(ours(mac, 'homes'));
  expect(readFileSync(ours(mac, 'homes', folder, 'state.toml'), 'utf8')).toContain('gui = true');
  expect(readFileSync(ours(mac, 'state.toml'), 'utf8')).not.toContain('gui');
});

test('when an older version kept the VM of another folder in the one file, then its record is found and taken over', async () => {
  mkdirSync(join(mac.home, '.tart/vms/usual'), { recursive: true });
  writeState(mac, 'default_vm = "web"\n[vms.web]\nuser = "bob"\ngui = true\n[vms.usual]\ngui = true\n');
  addVm('web');
  expect((await mac.rusta(['default'], other)).stdout).toBe('web\n');
  expect(await mac.rusta(['set-gui', 'web', 'off'], other)).toMatchObject({ code: 0 });
  const [folder = ''] = readdirSync(ours(mac, 'homes'));
  const own = readFileSync(ours(mac, 'homes', folder, 'state.toml'), 'utf8');
  expect(own).toContain('user = "bob"');
  expect(own).not.toContain('usual');
  // The older version goes on with its own.
  expect(readFileSync(ours(mac, 'state.toml'), 'utf8')).toContain('[vms.web]\nuser = "bob"\ngui = true');
});

test('when the disk is not there that holds the VMs, then nothing is said to be gone, and nothing is forgotten', async () => {
  expect(await mac.rusta(['set-gui', 'lab', 'on'], other)).toMatchObject({ code: 0 });
  rmSync(join(mac.root, 'disk'), { recursive: true });
  await Bun.write(join(mac.root, 'disk'), '');
  for (const args of [
    ['up', 'lab'],
    ['delete', 'lab', '--yes'],
  ]) {
    const { code, stderr } = await mac.rusta(args, other);
    expect({ args, code: code !== 0, stdout: stderr.includes('gone already') }).toEqual({ args, code: true, stdout: false });
  }
  expect(readFileSync(ours(mac, 'state.toml'), 'utf8')).toContain('[vms.lab]\ngui = true');
});

test('when the folder of Tart is moved away, then no command makes an empty one in its place, and nothing is forgotten', async () => {
  expect(await mac.rusta(['set-gui', 'lab', 'on'], other)).toMatchObject({ code: 0 });
  renameSync(join(mac.root, 'disk'), join(mac.root, 'elsewhere'));
  for (const args of [['list'], ['up'], ['down', 'lab'], ['delete', 'lab', '--yes'], ['create', 'lab'], ['create', 'web']]) {
    const { code, stdout, stderr } = await mac.rusta(args, other);
    expect({ args, code, stdout, stderr }).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(`[error] ${other.env.TART_HOME}/vms is not there, where Tart keeps VM 'lab'\n`),
    });
  }
  expect(existsSync(join(mac.root, 'disk'))).toBe(false);
  renameSync(join(mac.root, 'elsewhere'), join(mac.root, 'disk'));
  await mac.rusta(['up', 'lab'], other);
  expect(commands(mac, 'tart')).toContain('run lab');
});

test('when the folder of Tart is gone for good, then the hint leads to a fresh start', async () => {
  expect(await mac.rusta(['set-gui', 'lab', 'on'], other)).toMatchObject({ code: 0 });
  rmSync(join(mac.root, 'disk'), { recursive: true });
  // As the place where it was mounted.
  mkdirSync(other.env.TART_HOME, { recursive: true });
  const { stderr } = await mac.rusta(['list'], other);
  expect(stderr).toContain(`If it is gone for good, begin a new one: mkdir -p ${other.env.TART_HOME}/vms`);
  mkdirSync(join(other.env.TART_HOME, 'vms'), { recursive: true });
  expect(await mac.rusta(['delete', 'lab', '--yes'], other)).toMatchObject({ code: 0 });
  expect(await mac.rusta(['list'], other)).toMatchObject({ code: 0, stdout: 'NAME   STATUS   DEFAULT\n' });
});
