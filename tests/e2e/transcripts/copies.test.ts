import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { transcript } from './transcript.ts';

let mac: Mac;
beforeAll(async () => {
  mac = await createMac();
  await mac.addVm('base');
});
afterAll(() => mac[Symbol.asyncDispose]());

const shown = (...args: string[]) => transcript(mac, args);

test('when a VM is copied, then there are no steps but one, and its first start gives it an identity', async () => {
  expect(await shown('create', 'web', '--from', 'base')).toMatchInlineSnapshot(`
    "$ rusta create web --from base
    ==> Copying VM 'base'
         copy   of VM 'base'
         size   4 CPUs, 4096 MB of memory, 20 GB of disk
         screen none
         login  admin / admin
         time   <ledger>
    [ok] VM 'web' is ready: 'rusta up web' starts it, 'rusta ssh web' opens a shell
    exit 0"
  `);
  expect(await shown('create', 'web', '--from', 'base')).toMatchInlineSnapshot(`
    "$ rusta create web --from base
    [skip] VM 'web' already exists
    To recreate: rusta delete web && rusta create web --from base
    exit 0"
  `);
  expect(await shown('up', 'web')).toMatchInlineSnapshot(`
    "$ rusta up web
    ==> Starting VM 'web' (headless)
    ==> Giving VM 'web' an identity of its own
    [ok] VM 'web' is running
    [ok] IP address: <address>
    exit 0"
  `);
});

test('when a VM cannot be copied, then what has to be done first is told', async () => {
  await mac.addVm('busy', { running: true });
  expect(await shown('create', 'new', '--from', 'busy')).toMatchInlineSnapshot(`
    "$ rusta create new --from busy
    [stderr] [error] VM 'busy' is running, and its disk changes while it does
    [stderr] Stop it first: rusta down busy
    exit 1"
  `);
  expect(await shown('create', 'new', '--from', 'bass')).toMatchInlineSnapshot(`
    "$ rusta create new --from bass
    [stderr] [error] VM 'bass' not found
    [stderr] Did you mean 'base'? Run 'rusta list' to see the VMs.
    exit 2"
  `);
  expect(await shown('create', 'new', '--from', 'base', '--disk', '5')).toMatchInlineSnapshot(`
    "$ rusta create new --from base --disk 5
    [stderr] [error] the disk of VM 'base' has 20 GB and only grows; 5 GB were asked for
    [stderr] Nothing was changed. Try again with 'rusta create new --from base --disk 20' or more.
    exit 1"
  `);
  expect(await shown('create', 'new', '--from', 'base', '--image', 'ubuntu')).toMatchInlineSnapshot(`
    "$ rusta create new --from base --image ubuntu
    [stderr] [error] flags '--from' and '--image' exclude each other
    [stderr] Run 'rusta create --help'.
    exit 1"
  `);
});

test('when a command fails in a throw-away VM, then its exit code is that of rusta', async () => {
  expect(await shown('run', '--from', 'base', '--', 'echo out; echo err >&2; exit 7')).toMatchInlineSnapshot(`
    "$ rusta run --from base -- 'echo out; echo err >&2; exit 7'
    out
    [stderr] ==> Copying VM 'base'
    [stderr] ==> Starting VM 'run-<id>'
    [stderr] err
    exit 7"
  `);
});

test('when a throw-away VM is kept, then the commands to get in and to remove it are told', async () => {
  expect(await shown('run', '--from', 'base', '--keep', '--', 'true')).toMatchInlineSnapshot(`
    "$ rusta run --from base --keep -- true
    [stderr] ==> Copying VM 'base'
    [stderr] ==> Starting VM 'run-<id>'
    [stderr] ==> Giving VM 'run-<id>' an identity of its own
    [stderr] VM 'run-<id>' stays: 'rusta ssh run-<id>' gets in, 'rusta delete run-<id> --force-running' removes it
    exit 0"
  `);
});

test('when a run cannot be understood, then what is missing is told', async () => {
  expect(await shown('run', '--', 'make')).toMatchInlineSnapshot(`
    "$ rusta run -- make
    [stderr] [error] flag '--from' is needed: the VM to copy
    [stderr] Run 'rusta run --help'.
    exit 1"
  `);
  expect(await shown('run', '--from', 'base')).toMatchInlineSnapshot(`
    "$ rusta run --from base
    [stderr] [error] the command to run is needed, after '--'
    [stderr] Run 'rusta run --help'.
    exit 1"
  `);
  expect(await shown('run', '--from', 'base', '--env', 'NPM_TOKEN', '--', 'make')).toMatchInlineSnapshot(`
    "$ rusta run --from base --env NPM_TOKEN -- make
    [stderr] [error] variable 'NPM_TOKEN' is not set
    [stderr] Set it, or leave out '--env NPM_TOKEN'.
    exit 1"
  `);
  expect(await shown('run', '--from', 'base', '--timeout', '5d', '--', 'make')).toMatchInlineSnapshot(`
    "$ rusta run --from base --timeout 5d -- make
    [stderr] [error] flag '--timeout' takes a time such as 90s, 20m or 2h, up to 24 days, not '5d'
    [stderr] Run 'rusta run --help'.
    exit 1"
  `);
});
