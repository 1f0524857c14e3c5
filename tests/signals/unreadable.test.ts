import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { RUSTA } from '../e2e/rusta.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { openTerminal } from '../sandbox/terminal.ts';

/**
 * Runs a program in the background, where the terminal answers EIO once there is something to read. So it does, before its signal comes,
 * while it is being closed.
 */
const IN_BACKGROUND = `
if (fork) { wait; print 'code: ', $? >> 8, "\\n"; exit }
$SIG{TTIN} = $SIG{TTOU} = 'IGNORE';
setpgrp(0, 0);
exec @ARGV;
`;

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab');
});
afterEach(() => mac[Symbol.asyncDispose]());

const open = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  openTerminal(mac, Bun.which('perl') ?? 'perl', ['-e', IN_BACKGROUND, RUSTA, ...args], { env });

describe.each([
  ['up', '> ', 'no VM chosen, nothing was done'],
  ['create', 'VM name [ubuntu-2404]: ', 'no VM name given, nothing was created'],
  ['delete lab', '[y/N] ', "VM 'lab' was not deleted"],
] as const)('rusta %s, asking on a terminal that cannot be read', (line, question, no) => {
  test.each(['xterm', 'dumb'])('with TERM=%s, ends as where nothing more is typed', async (TERM) => {
    await using terminal = open(line.split(' '), { TERM });
    await terminal.waitFor(question);
    terminal.type('y\n');
    await terminal.waitFor('code: 1\n');
    expect(terminal.screen).toEndWith(`\n[error] ${no}\ncode: 1\n`);
  });
});

test('a recorded session on a terminal that cannot be read goes on to its end', async () => {
  await mac.rusta(['up', 'lab']);
  const line = 'echo begun; while ! [ -e /tmp/go ]; do sleep 0.02; done; exit 7';
  await using terminal = open(['--log', join(mac.root, 'log'), 'ssh', 'lab', '--', line]);
  await terminal.waitFor('begun');
  terminal.type('x');
  // What it types is read at once; this takes longer.
  await mac.rusta(['list']);
  await Bun.write(join(mac.vm('lab').guest, 'tmp/go'), '');
  await terminal.waitFor('code: 7\n');
  expect(terminal.screen).not.toContain('EIO');
});

test('a connection on a terminal that cannot be read ends as where nothing more is typed', async () => {
  await mac.rusta(['up', 'lab']);
  await using terminal = open(['connect', 'lab']);
  await terminal.waitFor('SSH-2.0-');
  terminal.type('x\n');
  await terminal.waitFor('code: 0\n');
  expect(terminal.screen).not.toContain('EIO');
});
