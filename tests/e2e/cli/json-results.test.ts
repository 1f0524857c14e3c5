import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import { startWorld } from '../../registry/world.ts';
import type { Document } from '../../sandbox/mac/documents.ts';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import type { RunOptions } from '../../sandbox/spawn.ts';
import { writeState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

/** The result of a command that went well; `mac.rusta` has checked it against the schema. */
async function result(args: readonly string[], options?: RunOptions) {
  const { code, stdout } = await mac.rusta(['--json', ...args], options);
  const document: Document = JSON.parse(stdout);
  expect(document).toEqual({ schema: 1, ok: true, result: expect.anything() });
  expect(code).toBe(0);
  return document.result;
}

const ADDRESS = expect.stringMatching(/^\d+(\.\d+){3}$/);

test('version and help', async () => {
  expect(await result(['--version'])).toEqual({ version: packageJson.version });
  const help = expect.stringMatching(/^Usage: rusta /);
  expect(await result(['help'], { env: { CLICOLOR_FORCE: '1' } })).toEqual({ topic: null, text: help });
  expect(await result(['up', '--help'])).toEqual({ topic: 'up', text: help });
  expect(await result(['source', '--help'])).toEqual({ topic: 'source', text: help });
});

test('create, made and found', async () => {
  const made = await result(['create', 'lab', '--cpus', '2', '--memory', '4096', '--disk', '30', '--version', '22.04']);
  const lab = {
    vm: 'lab',
    created: true,
    image: 'ghcr.io/cirruslabs/ubuntu:22.04',
    cpus: 2,
    memory_mb: 4096,
    disk_gb: 30,
    desktop: null,
    user: 'admin',
    keys: [],
    ledger: expect.any(Array),
  };
  expect(made).toEqual(lab);
  expect(await result(['create', 'lab', '--cpus', '4'])).toEqual({ ...lab, created: false });
});

test('create copies keys, and says which', async () => {
  mkdirSync(join(mac.home, '.ssh'));
  writeFileSync(join(mac.home, '.ssh/id_ed25519'), 'key');
  expect(await result(['create', 'lab', '--ssh-copy-keys'])).toMatchObject({ created: true, keys: ['id_ed25519'] });
  expect(await result(['ssh-copy', 'lab'])).toEqual({ vm: 'lab', keys: ['id_ed25519'] });
});

test('up, ip, list and down', async () => {
  await result(['create', 'lab']);
  await mac.addVm('other');
  writeState(mac, `default_vm = "other"\n[vms.lab]\ngui = false\nimage = "ghcr.io/cirruslabs/ubuntu:24.04"\n`);
  const up = { vm: 'lab', gui: false, address: ADDRESS };
  expect(await result(['up', 'lab'])).toEqual({ ...up, changed: true });
  expect(await result(['up', 'lab'])).toEqual({ ...up, changed: false });
  expect(await result(['ip', 'lab'])).toEqual({ vm: 'lab', address: ADDRESS });
  const lab = { name: 'lab', default: false, gui: false, image: 'ghcr.io/cirruslabs/ubuntu:24.04', shares: [], setup: 'complete' };
  const other = { name: 'other', status: 'stopped', default: true, gui: null, image: null, address: null, shares: [], setup: null };
  expect(await result(['list'])).toEqual({ vms: [{ ...lab, status: 'running', address: ADDRESS }, other] });
  expect(await result(['down', 'lab'])).toEqual({ vm: 'lab', changed: true, status: 'stopped' });
  expect(await result(['down', 'lab'])).toEqual({ vm: 'lab', changed: false, status: 'stopped' });
  expect(await result(['list'])).toEqual({ vms: [{ ...lab, status: 'stopped', address: null }, other] });
});

test('list tells how far an unfinished VM came, and which are damaged', async () => {
  await mac.addVm('half');
  mkdirSync(join(mac.tartHome, 'vms/broken'), { recursive: true });
  writeFileSync(join(mac.tartHome, 'vms/broken/disk.img'), '');
  writeState(mac, '[vms.half]\nsetup = "provisioning"\n');
  expect(await result(['list'])).toMatchObject({
    vms: [
      { name: 'half', setup: 'provisioning' },
      { name: 'broken', status: 'damaged' },
    ],
  });
});

test('set-gui, default and delete', async () => {
  await mac.addVm('lab');
  expect(await result(['set-gui', 'lab', 'on'])).toEqual({ vm: 'lab', gui: true, changed: true });
  expect(await result(['set-gui', 'lab', 'on'])).toEqual({ vm: 'lab', gui: true, changed: false });
  expect(await result(['default', 'lab'])).toEqual({ vm: 'lab' });
  expect(await result(['default'])).toEqual({ vm: 'lab' });
  expect(await result(['delete', 'lab', '--yes'])).toEqual({ vm: 'lab', removed: ['the default'] });
});

test('logs', async () => {
  await result(['create', 'lab']);
  const logs = await result(['logs', 'lab']);
  expect(logs).toMatchObject({
    vm: 'lab',
    logs: [{ kind: 'provision', path: expect.stringContaining('/provision/lab.log') }, { kind: 'run' }],
  });
});

test.each([
  ['source', ['ghcr.io/cirruslabs'], 'ghcr.io/b'],
  ['image', ['ubuntu', 'ubuntu-desktop'], 'b'],
])('%s list, add, move and rm', async (noun, seeds, item) => {
  expect(await result([noun])).toEqual({ items: seeds, built_in: true });
  const items = [...seeds, item];
  expect(await result([noun, 'add', item])).toEqual({ item, changed: true, items, built_in: false });
  expect(await result([noun, 'add', item])).toEqual({ item, changed: false, items, built_in: false });
  expect(await result([noun, 'move', item, '1'])).toEqual({ item, changed: true, items: [item, ...seeds], built_in: false });
  expect(await result([noun, 'move', item, '1'])).toMatchObject({ changed: false });
  expect(await result([noun, 'rm', item])).toEqual({ item, changed: true, items: seeds, built_in: false });
});

test('versions name sources, images and what create clones', async () => {
  writeState(mac, '[[sources]]\nregistry = "ghcr.io/a"\n\n[[sources]]\nregistry = "ghcr.io/b"\n');
  const catalogue = { 'a/ubuntu': ['22.04'], 'b/ubuntu': ['22.04', '24.04'], 'b/ubuntu-desktop': ['24.04'] };
  await using registry = await startWorld({ kind: 'double', catalogue });
  expect(await result(['versions'], { env: registry.env })).toEqual({
    versions: [
      {
        version: '22.04',
        default: false,
        images: [{ image: 'ubuntu', sources: ['ghcr.io/a', 'ghcr.io/b'], reference: 'ghcr.io/a/ubuntu:22.04' }],
      },
      {
        version: '24.04',
        default: true,
        images: [
          { image: 'ubuntu', sources: ['ghcr.io/b'], reference: 'ghcr.io/b/ubuntu:24.04' },
          { image: 'ubuntu-desktop', sources: ['ghcr.io/b'], reference: 'ghcr.io/b/ubuntu-desktop:24.04' },
        ],
      },
    ],
    unreachable: [],
  });
});

test('docker-setup', async () => {
  await mac.addVm('lab', { running: true });
  expect(await result(['docker-setup', 'lab'])).toEqual({
    vm: 'lab',
    address: ADDRESS,
    alias: 'docker-lab',
    alias_state: 'ours',
    context: 'docker-lab',
    ready: true,
  });
});
