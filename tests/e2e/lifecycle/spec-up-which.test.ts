/** Which VM `up` takes, and what it says where there is none to take. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { boots } from '../boots.ts';
import { RUSTA } from '../rusta.ts';
import { ours, readState, writeState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

const runs = () => boots(mac);

describe('without a default, up asks (spec 10, item 8)', () => {
  beforeEach(async () => {
    await mac.addVm('ubuntu-2404');
    await mac.addVm('lab-22', { running: true });
  });

  test('the picker is the one of spec 3.3; the choice is kept and booted, and the next up goes straight there', async () => {
    await using terminal = openTerminal(mac, RUSTA, ['up']);
    await terminal.waitFor('> ');
    expect(terminal.screen).toContain('No default VM is set. Pick one:\n  1) lab-22        (running)\n  2) ubuntu-2404   (stopped)\n');
    terminal.type('2\r');
    await terminal.waitFor("Set 'ubuntu-2404' as default for future commands.");
    expect(readState(mac)).toContain('default_vm = "ubuntu-2404"');
    expect((await terminal.exited).code).toBe(0);
    expect(mac.vm('ubuntu-2404').isRunning).toBe(true);
    expect(await mac.rusta(['up'])).toMatchObject({ code: 0, stdout: "[skip] VM 'ubuntu-2404' is already running\n", stderr: '' });
  });

  test('a wrong number is asked for again, a name will do', async () => {
    await using terminal = openTerminal(mac, RUSTA, ['ip']);
    await terminal.waitFor('> ');
    terminal.type('7\r');
    await terminal.waitFor(/'7' is not one of the numbers 1 to 2\.[\s\S]*> /);
    terminal.type('lab-22\r');
    expect((await terminal.exited).code).toBe(0);
    expect(readState(mac)).toContain('default_vm = "lab-22"');
  });

  test.each(['enter', 'ctrl-c', 'ctrl-d'] as const)('%s aborts with 1, writes nothing and leaves the terminal as it was', async (key) => {
    await using terminal = openTerminal(mac, RUSTA, ['up']);
    await terminal.waitFor('> ');
    terminal.press(key);
    expect((await terminal.exited).code).toBe(1);
    expect(terminal.screen).toContain('[error] no VM chosen, nothing was done');
    expect(terminal.output.lastIndexOf('\u001b[?25h')).toBeGreaterThanOrEqual(terminal.output.lastIndexOf('\u001b[?25l'));
    expect(readState(mac)).toBeUndefined();
    expect(runs()).toEqual([]);
  });

  test('without a terminal it ends with 2 and says what to do (spec 10, item 10)', async () => {
    const result = await mac.rusta(['up']);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain('stdin is not a TTY');
    expect(result.stderr).toContain("run 'rusta default <vm>' first");
    expect(readState(mac)).toBeUndefined();
  });

  test('a default that no longer exists is none', async () => {
    writeState(mac, 'default_vm = "gone"\n');
    const result = await mac.rusta(['up']);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("the default VM 'gone' no longer exists");
  });
});

test('without VMs up ends with 2 and points to create (spec 10, item 9)', async () => {
  const result = await mac.rusta(['up']);
  expect(result).toMatchObject({ code: 2, stdout: '' });
  expect(result.stderr).toContain('rusta create');
});

test('an unknown VM ends with 2, naming it and the nearest (spec 10, item 30)', async () => {
  await mac.addVm('lab');
  for (const [command, ...rest] of [['up'], ['down'], ['ip'], ['ssh'], ['default'], ['delete', '--yes']]) {
    const result = await mac.rusta([command ?? '', 'lba', ...rest]);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toBe("[error] VM 'lba' not found\nDid you mean 'lab'? Run 'rusta list' to see the VMs.\n");
  }
});

test('a state file that cannot be read stops the command before it starts anything', async () => {
  await mac.addVm('lab');
  writeState(mac, 'default_vm = "lab"\nnonsense\n');
  const result = await mac.rusta(['up']);
  expect(result).toMatchObject({ code: 1, stdout: '' });
  expect(result.stderr).toContain('state.toml is not valid: line 2');
  expect(readFileSync(ours(mac, 'state.toml'), 'utf8')).toBe('default_vm = "lab"\nnonsense\n');
  expect(runs()).toEqual([]);
});
