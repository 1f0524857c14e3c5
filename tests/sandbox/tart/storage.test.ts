import { describe, expect, test } from 'bun:test';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createMac } from '../mac.ts';
import { silent, tart, ubuntu } from './calls.ts';

interface Row {
  readonly Name: string;
  readonly Source: string;
  readonly Running: boolean;
  readonly State: string;
}

describe('list', () => {
  test('JSON as Foundation prints it: escaped slashes, keys in any order, two rows for an image, local first', async () => {
    await using mac = await createMac();
    mac.addImage(ubuntu);
    for (const name of ['b', 'a', 'Z']) await mac.addVm(name);
    const runs = await Promise.all(Array.from({ length: 4 }, () => tart(mac, 'list', '--format', 'json')));
    const [first] = runs;
    expect(first?.stdout).toContain('"Name" : "ghcr.io\\/cirruslabs\\/ubuntu:24.04"');
    expect(first?.stdout.startsWith('[\n  {\n    "')).toBe(true);
    const rows = JSON.parse(first?.stdout ?? '') as Row[];
    expect(rows.map(({ Source, Name }) => [Source, Name.replace(/:[0-9a-f]{64}$/, '')])).toEqual([
      ['local', 'Z'],
      ['local', 'a'],
      ['local', 'b'],
      ['OCI', ubuntu],
      ['OCI', 'ghcr.io/cirruslabs/ubuntu@sha256'],
    ]);
    expect(Object.keys(rows[0] ?? {}).sort()).toEqual(['Accessed', 'Disk', 'Name', 'Running', 'Size', 'Source', 'State']);
    expect(rows[0]).toMatchObject({ Running: false, State: 'stopped', Disk: 20, Accessed: expect.stringMatching(/^\d{4}-.*:\d\dZ$/) });
    expect(new Set(runs.map(({ stdout }) => stdout)).size).toBeGreaterThan(1);
  });

  test('empty: `[`, an empty line, `]`; one empty line as text; nothing with --quiet', async () => {
    await using mac = await createMac();
    expect((await tart(mac, 'list', '--format=json')).stdout).toBe('[\n\n]\n');
    expect((await tart(mac, 'list')).stdout).toBe('\n');
    expect((await tart(mac, 'list', '-q')).stdout).toBe('');
  });

  test('names only with --quiet, local ones with --source; a folder without the trio is invisible', async () => {
    await using mac = await createMac();
    mac.addImage(ubuntu);
    await mac.addVm('lab');
    mkdirSync(join(mac.tartHome, 'vms/half'));
    expect((await tart(mac, 'list', '--quiet', '--format', 'json', '--source', 'local')).stdout).toBe('lab\n');
    expect((await tart(mac, 'get', 'half')).stderr).toBe('VM is missing some of its files (config.json, disk.img or nvram.bin)\n');
  });
});

describe('set, get, delete, rename', () => {
  test('set is silent, even on a running VM, and get shows it', async () => {
    await using mac = await createMac();
    await mac.addVm('lab', { running: true });
    expect(await tart(mac, 'set', 'lab', '--cpu', '6', '--memory', '8192', '--disk-size', '80', '--display', '800x600pt')).toEqual(silent);
    expect(JSON.parse((await tart(mac, 'get', 'lab', '--format', 'json')).stdout)).toMatchObject({
      ...{ CPU: 6, Memory: 8192, Disk: 80, Display: '800x600pt', Running: true, State: 'running', OS: 'linux', DiskFormat: 'raw' },
      Size: expect.stringMatching(/^\d+\.\d{3}$/),
    });
    expect(mac.vm('lab').isRunning).toBe(true);
  });

  test('a disk cannot shrink, but what came before it is done', async () => {
    await using mac = await createMac();
    const { folder } = await mac.addVm('lab');
    const result = await tart(mac, 'set', 'lab', '--cpu', '2', '--disk-size', '10');
    expect(result).toMatchObject({ code: 1, stderr: 'new disk size of 10 GB should be larger than the current disk size of 20 GB\n' });
    expect(mac.vm('lab').config.cpuCount).toBe(2);
    expect(statSync(join(folder, 'disk.img')).size).toBe(20_000_000_000);
    expect(await tart(mac, 'set', 'lab', '--disk-size', '20')).toEqual(silent);
    expect((await tart(mac, 'set', 'lab', '--cpu', '0')).stderr).toContain('VM should have 1 CPU cores at minimum (requested 0)');
  });

  test('delete goes in order, stops at the first failure, and refuses a running VM with 1', async () => {
    await using mac = await createMac();
    await mac.addVm('a');
    await mac.addVm('b', { running: true });
    await mac.addVm('c');
    expect(await tart(mac, 'delete', 'a', 'b', 'c')).toMatchObject({ code: 1, stderr: 'VM "b" is running\n' });
    expect(['a', 'b', 'c'].map((name) => mac.vm(name).exists)).toEqual([false, true, true]);
    expect((await tart(mac, 'delete', 'a')).code).toBe(2);
  });

  test('deleting a tag collects its digest', async () => {
    await using mac = await createMac();
    mac.addImage(ubuntu);
    expect(await tart(mac, 'delete', ubuntu)).toEqual(silent);
    expect((await tart(mac, 'list', '-q')).stdout).toBe('');
  });

  test('rename keeps a running VM running; its errors are usage errors of the root', async () => {
    await using mac = await createMac();
    await mac.addVm('a', { running: true });
    expect(await tart(mac, 'rename', 'a', 'b')).toEqual(silent);
    expect(mac.vm('b').isRunning).toBe(true);
    const absent = await tart(mac, 'rename', 'a', 'c');
    expect(absent.code).toBe(64);
    expect(absent.stderr).toBe(
      "Error: failed to rename a non-existent local VM: a\nUsage: tart <subcommand>\n  See 'tart --help' for more information.\n",
    );
  });
});
