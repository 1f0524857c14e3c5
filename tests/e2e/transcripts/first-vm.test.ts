import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { transcript } from './transcript.ts';

let mac: Mac;
beforeAll(async () => {
  mac = await createMac();
});
afterAll(() => mac[Symbol.asyncDispose]());

const shown = (...args: string[]) => transcript(mac, args);

test('when a VM is created, then each step is a line, and the summary ends with the next commands', async () => {
  expect(await shown('create', 'lab', '--cpus', '2', '--memory', '4G', '--disk', '40')).toMatchInlineSnapshot(`
    "$ rusta create lab --cpus 2 --memory 4G --disk 40
    ==> Cloning ghcr.io/cirruslabs/ubuntu:24.04
    ==> Booting VM 'lab' to provision it
    ==> [1/8] Setting the clock
    ==> [2/8] Stopping background updates
    ==> [3/8] Waiting for cloud-init and other package managers
    ==> [4/8] Giving the VM an identity of its own
    ==> [5/8] Refreshing the package lists
    ==> [6/8] Setting up parallel downloads
    ==> [7/8] Installing spice-vdagent, spice-webdavd, curl, wget, git
    ==> [8/8] Starting the SPICE agent
    ==> Shutting VM 'lab' down
         image  ghcr.io/cirruslabs/ubuntu:24.04
         size   2 CPUs, 4096 MB of memory, 40 GB of disk
         screen none
         login  admin / admin
         log    rusta logs lab --provision
         time   <ledger>
    [ok] VM 'lab' is ready: 'rusta up lab' starts it, 'rusta ssh lab' opens a shell
    exit 0"
  `);
  expect(await shown('create', 'lab', '--cpus', '4')).toMatchInlineSnapshot(`
    "$ rusta create lab --cpus 4
    [skip] VM 'lab' already exists
    It stays as it is. Not done: --cpus 4 (it has 2)
    To recreate: rusta delete lab && rusta create lab --cpus 2 --memory 4096 --disk 40
    exit 0"
  `);
});

test('when a VM is created with --up, then it runs in the end', async () => {
  expect(await shown('create', 'web', '--up')).toMatchInlineSnapshot(`
    "$ rusta create web --up
    ==> Cloning ghcr.io/cirruslabs/ubuntu:24.04
    ==> Booting VM 'web' to provision it
    ==> [1/8] Setting the clock
    ==> [2/8] Stopping background updates
    ==> [3/8] Waiting for cloud-init and other package managers
    ==> [4/8] Giving the VM an identity of its own
    ==> [5/8] Refreshing the package lists
    ==> [6/8] Setting up parallel downloads
    ==> [7/8] Installing spice-vdagent, spice-webdavd, curl, wget, git
    ==> [8/8] Starting the SPICE agent
         image  ghcr.io/cirruslabs/ubuntu:24.04
         size   6 CPUs, 8192 MB of memory, 80 GB of disk
         screen none
         login  admin / admin
         log    rusta logs web --provision
         time   <ledger>
    [ok] VM 'web' is ready
    [ok] VM 'web' is running
    [ok] IP address: <address>
    exit 0"
  `);
});

test('when a VM is started twice, then its address is told, and the second start is skipped', async () => {
  await mac.addVm('desk');
  expect(await shown('up', 'desk')).toMatchInlineSnapshot(`
    "$ rusta up desk
    ==> Starting VM 'desk' (headless)
    [ok] VM 'desk' is running
    [ok] IP address: <address>
    exit 0"
  `);
  expect(await shown('up', 'desk')).toMatchInlineSnapshot(`
    "$ rusta up desk
    [skip] VM 'desk' is already running
    exit 0"
  `);
});

test('when a command runs in a VM, then its output and its exit code are all there is', async () => {
  await mac.addVm('test', { running: true });
  expect(await shown('ssh', 'test', '--', 'echo "I am $(id -un)"; echo trouble >&2; exit 3')).toMatchInlineSnapshot(`
    "$ rusta ssh test -- 'echo "I am $(id -un)"; echo trouble >&2; exit 3'
    I am admin
    [stderr] trouble
    exit 3"
  `);
});

test('when a default is set, then it is told, and printed alone from then on', async () => {
  await mac.addVm('main');
  expect(await shown('default')).toMatchInlineSnapshot(`
    "$ rusta default
    no default set
    [stderr] Set one with 'rusta default <vm>'.
    exit 1"
  `);
  expect(await shown('default', 'main')).toMatchInlineSnapshot(`
    "$ rusta default main
    [stderr] [ok] Default VM: main
    exit 0"
  `);
  expect(await shown('default')).toMatchInlineSnapshot(`
    "$ rusta default
    main
    exit 0"
  `);
});
