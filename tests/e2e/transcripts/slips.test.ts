import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { transcript } from './transcript.ts';

let mac: Mac;
beforeAll(async () => {
  mac = await createMac();
  await mac.addVm('lab');
});
afterAll(() => mac[Symbol.asyncDispose]());

const shown = (...args: string[]) => transcript(mac, args);

test('when a VM is not found, then the nearest name is offered', async () => {
  expect(await shown('up', 'lap')).toMatchInlineSnapshot(`
    "$ rusta up lap
    [stderr] [error] VM 'lap' not found
    [stderr] Did you mean 'lab'? Run 'rusta list' to see the VMs.
    exit 2"
  `);
});

test('when a name cannot be one, then the rule is told', async () => {
  expect(await shown('create', 'my lab')).toMatchInlineSnapshot(`
    "$ rusta create 'my lab'
    [stderr] [error] invalid VM name 'my lab': use letters, digits, '.', '_' and '-', beginning with a letter or digit, at most 255 characters
    [stderr] Run 'rusta create --help'.
    exit 1"
  `);
});

test('when a name differs in case alone, then the VM that has it is named', async () => {
  expect(await shown('create', 'Lab')).toMatchInlineSnapshot(`
    "$ rusta create Lab
    [stderr] [error] VM 'lab' already exists, and macOS does not tell 'Lab' from it
    [stderr] Choose another name.
    exit 1"
  `);
});

test('when a flag is mistyped, then the right one is offered', async () => {
  expect(await shown('create', 'web', '--cpu', '4')).toMatchInlineSnapshot(`
    "$ rusta create web --cpu 4
    [stderr] [error] unknown flag '--cpu'
    [stderr] Did you mean '--cpus'? Run 'rusta create --help'.
    exit 1"
  `);
});

test('when a flag has no value or a wrong one, then what it takes is told', async () => {
  expect(await shown('create', 'web', '--memory')).toMatchInlineSnapshot(`
    "$ rusta create web --memory
    [stderr] [error] flag '--memory' needs a value: <mb>
    [stderr] Run 'rusta create --help'.
    exit 1"
  `);
  expect(await shown('create', 'web', '--disk', '4k')).toMatchInlineSnapshot(`
    "$ rusta create web --disk 4k
    [stderr] [error] flag '--disk' takes a whole number of GB from 1 to 65535, or a size with a unit such as 1T, not '4k'
    [stderr] Run 'rusta create --help'.
    exit 1"
  `);
  expect(await shown('create', 'web', '--gui=kde')).toMatchInlineSnapshot(`
    "$ rusta create web --gui=kde
    [stderr] [error] --gui accepts: ubuntu-desktop, xubuntu-desktop, lubuntu-desktop, lightdm; not 'kde'
    [stderr] Run 'rusta create --help'.
    exit 1"
  `);
});

test('when flags exclude each other, then both are named', async () => {
  expect(await shown('up', 'lab', '--graphical', '--no-gui')).toMatchInlineSnapshot(`
    "$ rusta up lab --graphical --no-gui
    [stderr] [error] flags '--graphical' and '--no-gui' exclude each other
    [stderr] Run 'rusta up --help'.
    exit 1"
  `);
});

test("when a command is not rusta's, then the one that does it is offered", async () => {
  expect(await shown('start', 'lab')).toMatchInlineSnapshot(`
    "$ rusta start lab
    [stderr] [error] unknown command 'start'
    [stderr] Did you mean 'up'? Run 'rusta --help'.
    exit 1"
  `);
  expect(await shown('source', 'remove', 'cirruslabs')).toMatchInlineSnapshot(`
    "$ rusta source remove cirruslabs
    [stderr] [error] unknown action 'remove' of 'source'
    [stderr] Did you mean 'rm'? Run 'rusta source --help'.
    exit 1"
  `);
});

test("when '--' is missing before a command for the VM, then it is asked for", async () => {
  expect(await shown('ssh', 'lab', 'ls')).toMatchInlineSnapshot(`
    "$ rusta ssh lab ls
    [stderr] [error] unexpected word 'ls': put '--' before the command to run on the VM
    [stderr] Run 'rusta ssh --help'.
    exit 1"
  `);
});

test('when there is neither a default VM nor a terminal, then a name is asked for', async () => {
  expect(await shown('up')).toMatchInlineSnapshot(`
    "$ rusta up
    [stderr] [error] no default VM is set, and stdin is not a TTY to ask on
    [stderr] Name the VM on the command line, or run 'rusta default <vm>' first.
    exit 2"
  `);
  expect(await shown('create')).toMatchInlineSnapshot(`
    "$ rusta create
    [stderr] [error] VM name is required: stdin is not a TTY to ask on
    [stderr] Name it on the command line: rusta create ubuntu-2404
    exit 1"
  `);
});
