import { afterAll, beforeAll, expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { writeState } from '../state.ts';
import { transcript } from './transcript.ts';

let mac: Mac;
beforeAll(async () => {
  mac = await createMac();
});
afterAll(() => mac[Symbol.asyncDispose]());

const shown = (...args: string[]) => transcript(mac, args);

test('when there is a default, an unfinished and a damaged VM, then list marks them', async () => {
  await using other = await createMac();
  await other.addVm('lab', { running: true });
  for (const vm of ['web', 'half', 'broken']) await other.addVm(vm);
  rmSync(join(other.vm('broken').folder, 'nvram.bin'));
  writeState(other, 'default_vm = "web"\n\n[vms.half]\nsetup = "booting"\n');
  expect(await transcript(other, ['list'])).toMatchInlineSnapshot(`
    "$ rusta list
    NAME     STATUS    DEFAULT   NOTE
    half     stopped             unfinished
    lab      running
    web      stopped   *
    broken   damaged
    [stderr] [warn] VM 'broken' is damaged: nvram.bin is missing in <mac>/tart/vms/broken; Tart does not list it
    exit 0"
  `);
});

test('when there are no VMs, then list says how to make one', async () => {
  await using other = await createMac();
  expect(await transcript(other, ['list'])).toMatchInlineSnapshot(`
    "$ rusta list
    NAME   STATUS   DEFAULT
    [stderr] There are no VMs yet: 'rusta create' makes one.
    exit 0"
  `);
});

test('when a VM is shut down twice, then the second time is skipped', async () => {
  await mac.addVm('lab', { running: true });
  expect(await shown('down', 'lab')).toMatchInlineSnapshot(`
    "$ rusta down lab
    ==> Shutting down VM 'lab'
    [ok] VM 'lab' is stopped
    exit 0"
  `);
  expect(await shown('down', 'lab')).toMatchInlineSnapshot(`
    "$ rusta down lab
    [skip] VM 'lab' is already stopped
    exit 0"
  `);
});

test('when a VM is restarted, then both halves are told', async () => {
  await mac.addVm('web', { running: true });
  expect(await shown('restart', 'web')).toMatchInlineSnapshot(`
    "$ rusta restart web
    ==> Shutting down VM 'web'
    [ok] VM 'web' is stopped
    ==> Starting VM 'web' (headless)
    [ok] VM 'web' is running
    [ok] IP address: <address>
    exit 0"
  `);
});

test('when the address of a VM is asked for, then it is the only word on stdout', async () => {
  await mac.addVm('addressed', { running: true });
  await mac.addVm('off');
  expect(await shown('ip', 'addressed')).toMatchInlineSnapshot(`
    "$ rusta ip addressed
    <address>
    exit 0"
  `);
  expect(await shown('ip', 'off')).toMatchInlineSnapshot(`
    "$ rusta ip off
    [stderr] [error] VM 'off' is not running
    [stderr] Start it with 'rusta up off'.
    exit 1"
  `);
});

test('when a running VM is given a window, then the command that applies it is named', async () => {
  await mac.addVm('desk', { running: true });
  expect(await shown('set-gui', 'desk', 'on')).toMatchInlineSnapshot(`
    "$ rusta set-gui desk on
    [ok] VM 'desk' boots with a window from now on
    It runs as it was started until 'rusta restart desk'.
    exit 0"
  `);
  expect(await shown('set-gui', 'desk', 'on')).toMatchInlineSnapshot(`
    "$ rusta set-gui desk on
    [skip] VM 'desk' boots with a window already
    exit 0"
  `);
});

test('when a VM has left a log, then it is printed as it is; and when it has none, that is said', async () => {
  await mac.addVm('logged');
  expect(await shown('logs', 'logged')).toMatchInlineSnapshot(`
    "$ rusta logs logged
    [stderr] [error] no log of VM 'logged' is kept: ~/.local/share/rusta/provision/logged.log, ~/.local/share/rusta/run/logged.log
    [stderr] 'rusta up logged' writes one; a VM that another program started has none.
    exit 1"
  `);
  await mac.rusta(['up', 'logged']);
  await mac.rusta(['down', 'logged']);
  expect(await shown('logs', 'logged')).toMatchInlineSnapshot(`
    "$ rusta logs logged
    guest has stopped the virtual machine
    [stderr] # ~/.local/share/rusta/run/logged.log
    exit 0"
  `);
});

test('when a VM is deleted, then all that went with it is told', async () => {
  await mac.addVm('old', { running: true });
  await mac.rusta(['docker-setup', 'old']);
  writeState(mac, 'default_vm = "old"\n');
  expect(await shown('delete', 'old')).toMatchInlineSnapshot(`
    "$ rusta delete old
    [stderr] [error] VM 'old' is running
    [stderr] Stop it with 'rusta down old', or delete it as it is with --force-running.
    exit 1"
  `);
  expect(await shown('delete', 'old', '--yes')).toMatchInlineSnapshot(`
    "$ rusta delete old --yes
    [stderr] [error] VM 'old' is running
    [stderr] Stop it with 'rusta down old', or delete it as it is with --force-running.
    exit 1"
  `);
  expect(await shown('delete', 'old', '--yes', '--force-running')).toMatchInlineSnapshot(`
    "$ rusta delete old --yes --force-running
    ==> Stopping VM 'old'
    [ok] Deleted VM 'old', and with it: SSH alias docker-old, Docker context docker-old, the default
    exit 0"
  `);
});
