import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { transcript } from './transcript.ts';

let mac: Mac;
beforeAll(async () => {
  // An agent that does not answer says nothing: Tart goes on trying for longer than rusta listens.
  mac = await createMac({ knobs: { timing: { execWindow: 60_000 } } });
});
afterAll(() => mac[Symbol.asyncDispose]());

const shown = (...args: string[]) => transcript(mac, args, { cwd: mac.home });

/** Starts a VM whose `tart run` ends with this. */
async function bootedTo(vm: string, bootError: string): Promise<string> {
  await mac.addVm(vm);
  mac.configure({ perVm: { [vm]: { bootError } } });
  return shown('up', vm);
}

test('when macOS allows no further VM, then the command that makes room is told', async () => {
  const said = 'The number of VMs exceeds the system limit (other running VMs: a, b)';
  expect(await bootedTo('third', said)).toMatchInlineSnapshot(`
    "$ rusta up third
    ==> Starting VM 'third' (headless)
    [stderr] [error] VM 'third' did not start, 'tart run' exited with 1: macOS does not allow another running VM now
    [stderr] Stop one with 'rusta down <vm>', then try again.
    [stderr]   | The number of VMs exceeds the system limit (other running VMs: a, b)
    [stderr] Full log: ~/.local/share/rusta/run/third.log
    exit 1"
  `);
});

test('when macOS refuses the configuration, then it is said in plain words', async () => {
  const said = 'Error Domain=VZErrorDomain Code=2 "Invalid virtual machine configuration. Too many CPUs."';
  expect(await bootedTo('large', said)).toMatchInlineSnapshot(`
    "$ rusta up large
    ==> Starting VM 'large' (headless)
    [stderr] [error] VM 'large' did not start, 'tart run' exited with 1: macOS refused the configuration of the VM
    [stderr] It may ask for more CPUs or memory than this Mac has.
    [stderr]   | Error Domain=VZErrorDomain Code=2 "Invalid virtual machine configuration. Too many CPUs."
    [stderr] Full log: ~/.local/share/rusta/run/large.log
    exit 1"
  `);
});

test('when Tart fails in words that nobody knows, then they are shown, and doctor is named', async () => {
  expect(await bootedTo('odd', 'Error: something new')).toMatchInlineSnapshot(`
    "$ rusta up odd
    ==> Starting VM 'odd' (headless)
    [stderr] [error] VM 'odd' did not start, 'tart run' exited with 1: Error: something new
    [stderr] 'rusta doctor odd' says what may be wrong with this Mac or Tart.
    [stderr]   | Error: something new
    [stderr] Full log: ~/.local/share/rusta/run/odd.log
    exit 1"
  `);
});

test('when the guest agent never answers, then the wait is told, and the VM stays for a look at it', async () => {
  await mac.addVm('mute');
  mac.configure({ perVm: { mute: { agent: 'never' } } });
  expect(await transcript(mac, ['up', 'mute'], { env: { RUSTA_AGENT_TIMEOUT: '2' } })).toMatchInlineSnapshot(`
    "$ RUSTA_AGENT_TIMEOUT=2 rusta up mute
    ==> Starting VM 'mute' (headless)
    [stderr] [error] waited <n> s for the guest agent of VM 'mute'; last answer: no answer. Its log: ~/.local/share/rusta/run/mute.log
    [stderr] The image must run the Tart guest agent. Look at it with 'rusta down mute --force && rusta up mute --graphical'; slow hosts can raise RUSTA_AGENT_TIMEOUT. 'rusta doctor mute' says what else may be wrong.
    exit 1"
  `);
});

test('when a folder may not be shared, then nothing is started', async () => {
  await mac.addVm('lab');
  expect(await shown('up', 'lab', '--share', '~')).toMatchInlineSnapshot(`
    "$ rusta up lab --share '~'
    [stderr] [error] '~' cannot be shared: it is your home folder, or holds it
    [stderr] Nothing was started.
    exit 1"
  `);
  expect(await shown('up', 'lab', '--share', 'nowhere')).toMatchInlineSnapshot(`
    "$ rusta up lab --share nowhere
    [stderr] [error] 'nowhere' cannot be shared: it is not there, or is not a folder
    [stderr] Nothing was started.
    exit 1"
  `);
});

test('when a VM runs already, then a share needs a restart', async () => {
  await mac.addVm('web', { running: true });
  mkdirSync(join(mac.home, 'project'), { recursive: true });
  expect(await shown('up', 'web', '--share', 'project:ro')).toMatchInlineSnapshot(`
    "$ rusta up web --share project:ro
    [stderr] [error] VM 'web' is running, and folders can only be shared when it starts
    [stderr] Start it anew: rusta restart web --share project:ro
    exit 1"
  `);
});

test('when a share cannot be mounted, then the VM runs, and the next command is told', async () => {
  await mac.addVm('full');
  mkdirSync(join(mac.home, 'project'), { recursive: true });
  mac.configure({ faults: [{ program: 'tart', args: ['exec', '-i', 'full'], do: 'exit', stderr: 'Error: no\n' }] });
  expect(await shown('up', 'full', '--share', 'project')).toMatchInlineSnapshot(`
    "$ rusta up full --share project
    ==> Starting VM 'full' (headless)
    [ok] VM 'full' is running
    [ok] IP address: <address>
    [stderr] [error] not all shared folders are mounted in VM 'full': Error: no
    [stderr] The VM runs. Look at its mounts with 'rusta ssh full -- findmnt', then try again: rusta restart full --share project
    exit 1"
  `);
});
