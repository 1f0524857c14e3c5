import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { RUSTA } from '../rusta.ts';
import { writeState } from '../state.ts';
import { transcript } from './transcript.ts';

let mac: Mac;
beforeAll(async () => {
  mac = await createMac();
  await mac.addVm('lab');
});
afterEach(() => {
  mac.configure({ machine: 'arm64', timing: { pull: 60 } });
  writeState(mac, '');
});
afterAll(() => mac[Symbol.asyncDispose]());

const shown = (...args: string[]) => transcript(mac, args);

test('when this is no Mac with Apple Silicon, then that is said', async () => {
  mac.configure({ machine: 'x86_64' });
  expect(await shown('list')).toMatchInlineSnapshot(`
    "$ rusta list
    [stderr] [error] rusta needs a Mac with Apple Silicon (arm64); 'uname -m' says 'x86_64'
    exit 1"
  `);
});

test('when Tart is missing, then Homebrew brings it, and without Homebrew it is said where to get that', async () => {
  await using other = await createMac({ without: ['tart'] });
  expect(await transcript(other, ['list'])).toMatchInlineSnapshot(`
    "$ rusta list
    NAME   STATUS   DEFAULT
    [stderr] ==> Installing tart with Homebrew (cirruslabs/cli/tart)
    [stderr] ==> Installing tart with Homebrew (openai/tools/softnet openai/tools/tart)
    [stderr] There are no VMs yet: 'rusta create' makes one.
    exit 0"
  `);
  for (const program of ['tart', 'brew'] as const) other.without(program);
  expect(await transcript(other, ['create', 'lab'])).toMatchInlineSnapshot(`
    "$ rusta create lab
    [stderr] [error] Homebrew is required: no brew on PATH, nor in <mac>/homebrew/bin
    [stderr] Install it from https://brew.sh, then try again. If it is installed elsewhere, put its bin folder on PATH or set HOMEBREW_PREFIX.
    exit 1"
  `);
});

test('when state.toml cannot be read, then the line is told, and nothing is changed', async () => {
  writeState(mac, 'default_vm = "lab"\nimages = oops\n');
  expect(await shown('up')).toMatchInlineSnapshot(`
    "$ rusta up
    [stderr] [error] ~/.local/share/rusta/state.toml is not valid: line 2: invalid value
    [stderr] Nothing was changed. Correct the file, or move it away to start afresh.
    exit 1"
  `);
  writeState(mac, '[vms.lab]\ngui = "maybe"\n');
  expect(await shown('up', 'lab')).toMatchInlineSnapshot(`
    "$ rusta up lab
    [stderr] [error] ~/.local/share/rusta/state.toml is not valid: vms.lab.gui is not a boolean
    [stderr] Nothing was changed. Correct the file, or move it away to start afresh.
    exit 1"
  `);
});

test('when another rusta is at work on a VM, then its command is named', async () => {
  mac.configure({ timing: { pull: 60_000 } });
  const create = mac.start(RUSTA, ['create', 'web']);
  await create.waitFor('Cloning');
  expect(await shown('create', 'web')).toMatchInlineSnapshot(`
    "$ rusta create web
    [stderr] [error] VM 'web' is busy: 'rusta create web (pid <pid>)' is at work on it
    [stderr] Wait for it to end, then try again.
    exit 1"
  `);
  create.kill('SIGTERM');
  await create.exited;
});
