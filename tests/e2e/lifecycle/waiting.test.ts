import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { showOn } from '../../sandbox/screen.ts';
import { openTerminal, type TerminalSession } from '../../sandbox/terminal.ts';
import { RUSTA } from '../rusta.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab');
  mkdirSync(join(mac.home, '.ssh'), { mode: 0o700 });
  writeFileSync(join(mac.home, '.ssh/id_test'), 'a key\n', { mode: 0o600 });
});
afterEach(() => mac[Symbol.asyncDispose]());

/** Long enough for a clock of seconds to move. */
const SLOW = 2_500;
const open = (line: string, cols = 80, env = {}) => openTerminal(mac, RUSTA, line.split(' '), { cols, env: { NO_COLOR: '1', ...env } });

/** What stands on the screen at the end, times taken out. */
const left = (terminal: TerminalSession, cols = 80) =>
  showOn(cols, terminal.output).lines.map((line) => line.replaceAll(/\d+ s\)/g, 'n s)').replaceAll(/127\.\d+\.\d+\.\d+/g, 'ADDRESS'));

describe.each([40, 80, 200])('on a terminal of %i columns', (cols) => {
  test('up shows what it waits for, and the seconds of that', async () => {
    mac.configure({ timing: { agentUp: SLOW } });
    await using terminal = open('up lab', cols);
    await terminal.waitFor('==> 0 s  Waiting for the guest agent');
    await terminal.waitFor('==> 2 s  Waiting for the guest agent');
    expect((await terminal.exited).code).toBe(0);
    expect(left(terminal, cols)).toEqual(["[ok] VM 'lab' is running (n s)", '[ok] IP address: ADDRESS']);
  });

  test('down shows that it shuts the VM down', async () => {
    mac.configure({ timing: { shutdown: SLOW } });
    await mac.rusta(['up', 'lab']);
    await using terminal = open('down lab', cols);
    await terminal.waitFor("==> 2 s  Shutting down VM 'lab'");
    expect((await terminal.exited).code).toBe(0);
    expect(left(terminal, cols)).toEqual(["[ok] VM 'lab' is stopped (n s)"]);
  });
});

describe('on a terminal', () => {
  test('ssh --auto-up shows the boot, then gives the terminal away', async () => {
    mac.configure({ timing: { agentUp: SLOW } });
    await using terminal = open('ssh lab --auto-up -- echo here');
    await terminal.waitFor('==> 2 s  Waiting for the guest agent');
    await terminal.waitFor('here');
    expect((await terminal.exited).code).toBe(0);
    expect(left(terminal).slice(-1)).toEqual(['here']);
    expect(left(terminal)[0]).toBe("[ok] VM 'lab' is running (n s)");
  });

  test('ssh waits for an address in plain sight, and leaves nothing of it', async () => {
    await mac.addVm('web', { running: true });
    // Its agent would be another way.
    const silent = { program: 'tart', args: ['exec', 'web'], do: 'exit', code: 1, stderr: 'unavailable (14)' } as const;
    mac.configure({ faults: [silent, { program: 'tart', args: ['ip'], times: 12, do: 'exit', code: 1, stderr: 'no IP address found' }] });
    await using terminal = open('ssh web -- echo here', 120);
    await terminal.waitFor("==> 1 s  Waiting for an IP address  VM 'web': ");
    expect((await terminal.exited).code).toBe(0);
    expect(left(terminal, 120)).toEqual(['here']);
  });

  test('ssh-copy shows each step with its time', async () => {
    await using terminal = open('ssh-copy lab', 120);
    expect((await terminal.exited).code).toBe(0);
    expect(left(terminal, 120)).toEqual([
      "[ok] Starting VM 'lab' for this (n s)",
      "[ok] SSH configuration copied to VM 'lab': id_test (n s)",
      "[ok] Shutting VM 'lab' down again (n s)",
    ]);
  });

  test('docker-setup shows each step with its time, and what the installer says', async () => {
    await using terminal = open('docker-setup lab', 120);
    expect((await terminal.exited).code).toBe(0);
    const shown = left(terminal, 120);
    expect(shown.filter((line) => line.endsWith('(n s)'))).toEqual([
      expect.stringMatching(/^\[ok\] Generating .*id_ed25519 \(n s\)$/),
      "[ok] Starting VM 'lab' for this (n s)",
      "[ok] Installing the public key in VM 'lab' (n s)",
      "[ok] Setting Docker up in VM 'lab' (n s)",
      "[ok] Shutting VM 'lab' down again (n s)",
    ]);
    expect(shown.filter((line) => line.startsWith('==>'))).toEqual([]);
  });

  test('delete --force-running shows that it stops the VM', async () => {
    await mac.rusta(['up', 'lab']);
    await using terminal = open('delete lab --yes --force-running');
    expect((await terminal.exited).code).toBe(0);
    expect(left(terminal)).toEqual(["[ok] Stopping VM 'lab' (n s)", "[ok] Deleted VM 'lab'"]);
  });

  test('what Homebrew installs has its time, also where the first attempt fails', async () => {
    mac.without('tart');
    await using terminal = open('list', 120);
    expect((await terminal.exited).code).toBe(0);
    expect(left(terminal, 120).slice(0, 2)).toEqual([
      '==> Installing tart with Homebrew (cirruslabs/cli/tart) (stopped after n s)',
      '[ok] Installing tart with Homebrew (openai/tools/softnet openai/tools/tart) (n s)',
    ]);
  });

  test('Ctrl-C leaves whole lines: what was cut short, and what is left', async () => {
    mac.configure({ timing: { agentUp: 60_000 } });
    await using terminal = open('up lab');
    await terminal.waitFor('==> 1 s  Waiting for the guest agent');
    terminal.press('ctrl-c');
    expect((await terminal.exited).code).toBe(130);
    const [first, ...others] = showOn(80, terminal.output).lines;
    expect(first).toMatch(/^==> Starting VM 'lab' \(headless\) \(stopped after \d s\)$/);
    expect(others).toEqual(["VM 'lab' keeps starting. 'rusta down lab' stops it.", '[error] interrupted (SIGINT)']);
  });

  test.each(['down', 'restart'])('Ctrl-C in %s says what becomes of the VM', async (command) => {
    mac.configure({ timing: { shutdown: 60_000 } });
    await mac.rusta(['up', 'lab']);
    await using terminal = open(`${command} lab`);
    await terminal.waitFor("==> 1 s  Shutting down VM 'lab'");
    terminal.press('ctrl-c');
    expect((await terminal.exited).code).toBe(130);
    const [first, ...others] = showOn(80, terminal.output).lines;
    expect(first).toMatch(/^==> Shutting down VM 'lab' \(stopped after \d s\)$/);
    expect(others).toEqual(["VM 'lab' may go off all the same: 'rusta list' shows when it has.", '[error] interrupted (SIGINT)']);
  });

  test.each([{ CI: 'true' }, { TERM: 'dumb' }])('with %p each step is one line', async (env) => {
    await using terminal = open('up lab', 80, env);
    expect((await terminal.exited).code).toBe(0);
    expect(left(terminal)).toEqual(["==> Starting VM 'lab' (headless)", "[ok] VM 'lab' is running", '[ok] IP address: ADDRESS']);
    expect(terminal.output).not.toContain('\r\x1b');
  });
});

test('--verbose does not say the same poll fifty times', async () => {
  mac.configure({ timing: { agentUp: 4_000 } });
  const { code, stderr } = await mac.rusta(['--verbose', 'up', 'lab']);
  expect(code).toBe(0);
  const polls = mac.calls('tart').filter(({ args }) => args.join(' ') === 'exec lab true').length;
  expect(polls).toBeGreaterThan(10);
  expect(stderr.split('\n').filter((line) => line === '+ tart exec lab true').length).toBeLessThan(6);
  expect(stderr).toMatch(/ {2}the same \d+ times more: tart exec lab true\n/);
  expect(stderr).toMatch(/ {2}exit 0 after \d+\.\d\d s: tart exec lab true\n/);
});
