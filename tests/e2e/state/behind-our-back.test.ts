/** What is damaged, suspended, old or missing on this Mac, and what is said of it. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, lutimesSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { processesOf } from '../../sandbox/processes.ts';
import { commands, ours } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

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
