import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { transcript } from './transcript.ts';

let mac: Mac;
beforeAll(async () => {
  mac = await createMac();
  mac.addImage('ghcr.io/cirruslabs/ubuntu:22.04');
});
afterEach(() => mac.configure({ faults: [] }));
afterAll(() => mac[Symbol.asyncDispose]());

const shown = (...args: string[]) => transcript(mac, args);

test('when the image is not there for us, then what Tart said stands below our words', async () => {
  expect(await shown('create', 'lab', '--image-ref', 'ghcr.io/nobody/nothing:1')).toMatchInlineSnapshot(`
    "$ rusta create lab --image-ref ghcr.io/nobody/nothing:1
    ==> Cloning ghcr.io/nobody/nothing:1
    [stderr] [error] VM 'lab' was not created from ghcr.io/nobody/nothing:1: the registry refused access to the image
    [stderr]   | Error: AuthFailed(why: "received unexpected HTTP status code 403 while retrieving an authentication token", details: "{\\"errors\\":[{\\"code\\":\\"DENIED\\",\\"message\\":\\"requested access to the resource i
    [stderr] The image may be missing, or private. Stale credentials do this too: try 'tart logout ghcr.io'.
    [stderr] Nothing is left of VM 'lab'. Try again with 'rusta create lab ...'.
    exit 1"
  `);
});

test('when the disk is too small, then the least size is told', async () => {
  expect(await shown('create', 'lab', '--version', '26.04', '--disk', '5')).toMatchInlineSnapshot(`
    "$ rusta create lab --version 26.04 --disk 5
    ==> Cloning ghcr.io/cirruslabs/ubuntu:26.04
    [stderr] [error] VM 'lab' was not created from ghcr.io/cirruslabs/ubuntu:26.04: the disk cannot be made smaller than the image, which has 20 GB; 5 GB were asked for
    [stderr]   | new disk size of 5 GB should be larger than the current disk size of 20 GB
    [stderr] Choose a larger --disk.
    [stderr] Nothing is left of VM 'lab'. Try again with 'rusta create lab ...'.
    exit 1"
  `);
  expect(await shown('create', 'lab', '--version', '22.04', '--disk', '5')).toMatchInlineSnapshot(`
    "$ rusta create lab --version 22.04 --disk 5
    [stderr] [error] a disk of 5 GB is smaller than that of ghcr.io/cirruslabs/ubuntu:22.04, which has 20 GB
    [stderr] Nothing was created. Try again with 'rusta create lab --disk 20 ...' or more.
    exit 1"
  `);
});

test('when Tart cannot reach the registry, then the command can be typed again', async () => {
  const stderr = 'Error: The Internet connection appears to be offline.\n';
  mac.configure({ faults: [{ program: 'tart', args: ['clone'], do: 'exit', stderr }] });
  expect(await shown('create', 'lab', '--cpus', '2')).toMatchInlineSnapshot(`
    "$ rusta create lab --cpus 2
    ==> Cloning ghcr.io/cirruslabs/ubuntu:24.04
    [stderr] [error] VM 'lab' was not created from ghcr.io/cirruslabs/ubuntu:24.04: the registry cannot be reached
    [stderr]   | Error: The Internet connection appears to be offline.
    [stderr] Check the network, VPN and proxy settings.
    [stderr] Nothing is left of VM 'lab'. Try again with 'rusta create lab ...'.
    exit 1"
  `);
});

test('when provisioning fails, then the VM is kept, and --resume completes it', async () => {
  const stderr = 'E: Sub-process store returned an error code\n';
  mac.configure({ faults: [{ program: 'guest:apt-get', args: ['-y'], do: 'exit', code: 100, stderr }] });
  expect(await shown('create', 'web', '--cpus', '2')).toMatchInlineSnapshot(`
    "$ rusta create web --cpus 2
    ==> Cloning ghcr.io/cirruslabs/ubuntu:24.04
    ==> Booting VM 'web' to provision it
    ==> [1/8] Setting the clock
    ==> [2/8] Stopping background updates
    ==> [3/8] Waiting for cloud-init and other package managers
    ==> [4/8] Giving the VM an identity of its own
    ==> [5/8] Refreshing the package lists
    [stderr] Stopping VM 'web' ...
    [stderr] [error] provisioning VM 'web' failed in step 5 of 8, Refreshing the package lists: exit code 100
    [stderr]   | >>> [1/8] Setting the clock
    [stderr]   | >>> [2/8] Stopping background updates
    [stderr]   | >>> [3/8] Waiting for cloud-init and other package managers
    [stderr]   | >>> [4/8] Giving the VM an identity of its own
    [stderr]   | web
    [stderr]   | This is web now, with a machine id and SSH host keys of its own
    [stderr]   | >>> [5/8] Refreshing the package lists
    [stderr]   | E: Sub-process store returned an error code
    [stderr]   | E: Sub-process store returned an error code
    [stderr]   | E: Sub-process store returned an error code
    [stderr]   | >>> Failed at line <n>: refresh_lists (exit 100)
    [stderr] Full log: ~/.local/share/rusta/provision/web.log
    [stderr] VM 'web' is stopped and was kept, with all that was done so far. Go on with 'rusta create web --resume', or start over: rusta delete web && rusta create web ...
    exit 1"
  `);
  mac.configure({ faults: [] });
  expect(await shown('create', 'web')).toMatchInlineSnapshot(`
    "$ rusta create web
    [stderr] [error] VM 'web' already exists but is not complete: its creation stopped while provisioning
    [stderr] Go on with 'rusta create web --resume', or start over: rusta delete web && rusta create web ...
    exit 1"
  `);
  expect(await shown('create', 'web', '--resume')).toMatchInlineSnapshot(`
    "$ rusta create web --resume
    ==> Booting VM 'web' to provision it
    ==> [1/8] Setting the clock
    ==> [2/8] Stopping background updates
    ==> [3/8] Waiting for cloud-init and other package managers
    ==> [4/8] Giving the VM an identity of its own
    ==> [5/8] Refreshing the package lists
    ==> [6/8] Setting up parallel downloads
    ==> [7/8] Installing spice-vdagent, spice-webdavd, curl, wget, git
    ==> [8/8] Starting the SPICE agent
    ==> Shutting VM 'web' down
         image  ghcr.io/cirruslabs/ubuntu:24.04
         size   2 CPUs, 8192 MB of memory, 80 GB of disk
         screen none
         login  admin / admin
         log    rusta logs web --provision
         time   <ledger>
    [ok] VM 'web' is ready: 'rusta up web' starts it, 'rusta ssh web' opens a shell
    exit 0"
  `);
});

test('when an unfinished VM runs, then what has to be done first is told', async () => {
  mac.configure({ faults: [{ program: 'tart', args: ['run', 'half'], do: 'exit', stderr: 'Error: something new\n' }] });
  await mac.rusta(['create', 'half']);
  mac.configure({ faults: [] });
  expect(await shown('up', 'half')).toMatchInlineSnapshot(`
    "$ rusta up half
    ==> Starting VM 'half' (headless)
    [ok] VM 'half' is running
    [ok] IP address: <address>
    [stderr] [warn] VM 'half' is not complete, its creation stopped while booting: 'rusta down half && rusta create half --resume' goes on
    exit 0"
  `);
  expect(await shown('create', 'half', '--resume')).toMatchInlineSnapshot(`
    "$ rusta create half --resume
    [stderr] [error] VM 'half' is running, and to complete it 'rusta create' has to boot it
    [stderr] Stop it first: rusta down half && rusta create half --resume
    exit 1"
  `);
});

test('when there is nothing to resume, then that is said', async () => {
  expect(await shown('create', 'nobody', '--resume')).toMatchInlineSnapshot(`
    "$ rusta create nobody --resume
    [stderr] [error] VM 'nobody' not found, there is nothing to resume
    [stderr] Create it with 'rusta create nobody'.
    exit 2"
  `);
});
