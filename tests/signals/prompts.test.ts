import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUSTA } from '../e2e/rusta.ts';
import { readState } from '../e2e/state.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { openTerminal } from '../sandbox/terminal.ts';
import { waitUntil } from '../sandbox/wait.ts';
import { checkedOnTerminal, IS_SANE } from './tty.ts';

const SHOWN = '\u001b[?25h';
const HIDDEN = '\u001b[?25l';
/** A prompt, and what its command says when the answer is no. */
const PROMPTS = [
  ['up', '> ', 'no VM chosen, nothing was done'],
  ['create', 'VM name [ubuntu-2404]: ', 'no VM name given, nothing was created'],
  ['delete lab', '[y/N] ', "VM 'lab' was not deleted"],
] as const;

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab');
});
afterEach(async () => {
  expect(readState(mac)).toBeUndefined();
  expect(mac.vm('lab')).toMatchObject({ exists: true, isRunning: false });
  // No lock is held.
  expect(await mac.rusta(['set-gui', 'lab', 'on'])).toMatchObject({ code: 0 });
  await mac[Symbol.asyncDispose]();
});

describe.each(PROMPTS)('rusta %s, asking', (line, question, no) => {
  test('when Ctrl-C is pressed, then it ends with 1, and cursor and terminal are as they were', async () => {
    const [shell = '', ...args] = checkedOnTerminal(mac, [RUSTA, ...line.split(' ')]);
    await using terminal = openTerminal(mac, shell, args);
    await terminal.waitFor(question);
    terminal.press('ctrl-c');
    expect((await terminal.exited).code).toBe(1);
    expect(terminal.screen).toContain(`[error] ${no}\n`);
    expect(terminal.screen).toMatch(IS_SANE);
    expect(terminal.output.lastIndexOf(SHOWN)).toBeGreaterThan(terminal.output.lastIndexOf(HIDDEN));
  });

  test.each([
    ['SIGINT', 1, no],
    ['SIGTERM', 143, 'interrupted (SIGTERM)'],
    ['SIGHUP', 129, 'interrupted (SIGHUP)'],
  ] as const)('when %s comes, then it ends with %d', async (signal, code, message) => {
    await using terminal = openTerminal(mac, RUSTA, line.split(' '));
    await terminal.waitFor(question);
    process.kill(terminal.pid, signal);
    expect((await terminal.exited).code).toBe(code);
    expect(terminal.screen).toContain(`[error] ${message}\n`);
    expect(terminal.output.lastIndexOf(SHOWN)).toBeGreaterThan(terminal.output.lastIndexOf(HIDDEN));
  });

  test('the place where a letter would go is seen, also amid what was typed', async () => {
    await using terminal = openTerminal(mac, RUSTA, line.split(' '));
    await terminal.waitFor(question);
    for (const [key, shown] of [
      ['abc', 'abc█'],
      ['\x1b[D', 'ab\x1b[7mc\x1b[27m'],
      ['\x1b[D\x1b[D', '\x1b[7ma\x1b[27mbc'],
    ] as const) {
      terminal.type(key);
      await waitUntil(JSON.stringify(shown), () => terminal.output.endsWith(shown));
    }
    terminal.press('ctrl-c');
    expect((await terminal.exited).code).toBe(1);
  });

  test('when the terminal is closed, then it ends with 129', async () => {
    const log = join(mac.root, 'log');
    await using terminal = openTerminal(mac, RUSTA, ['--log', log, ...line.split(' ')]);
    await terminal.waitFor(question);
    terminal.close();
    expect(await terminal.exited).toEqual({ code: 129, signal: null });
    expect(readFileSync(log, 'utf8').match(/\[error\].*/g)).toEqual(['[error] interrupted (SIGHUP)']);
  });
});

describe('a prompt that is stopped and goes on', () => {
  /** A shell with jobs, which fetches the program back as soon as it is told to. */
  const inJobControl = (line: string) => {
    const script = 'set -m; "$0" "$@"; echo "tty:" $(stty -a); read answer; fg';
    return openTerminal(mac, '/bin/sh', ['-c', script, RUSTA, ...line.split(' ')], { env: { PATH: `${mac.env['PATH']}:/usr/bin:/bin` } });
  };

  test.each(PROMPTS)('rusta %s gives the terminal back at Ctrl-Z, and asks again after fg', async (line, question, no) => {
    await using terminal = inJobControl(line);
    await terminal.waitFor(question);
    terminal.type('\x1a');
    await terminal.waitFor(IS_SANE);
    expect(terminal.screen).toContain('\ntty: ');
    expect(terminal.output.lastIndexOf(SHOWN)).toBeGreaterThan(terminal.output.lastIndexOf(HIDDEN));
    terminal.type('\n');
    await terminal.waitFor(question);
    terminal.press('ctrl-d');
    await terminal.waitFor(`[error] ${no}\n`);
    expect((await terminal.exited).code).toBe(1);
    expect(terminal.output.lastIndexOf(SHOWN)).toBeGreaterThan(terminal.output.lastIndexOf(HIDDEN));
  });

  test('Ctrl-Z where no shell could fetch it back changes nothing', async () => {
    await using terminal = openTerminal(mac, RUSTA, ['delete', 'lab']);
    await terminal.waitFor('[y/N] ');
    terminal.type('\x1a');
    await terminal.waitFor('[y/N] ');
    terminal.type('n\r');
    await terminal.waitFor("[error] VM 'lab' was not deleted");
    expect((await terminal.exited).code).toBe(1);
  });

  test.each(['SIGTSTP', 'SIGSTOP'] as const)('what was typed is kept, also where %s comes from elsewhere', async (signal) => {
    await using terminal = openTerminal(mac, RUSTA, ['up']);
    await terminal.waitFor('> ');
    terminal.type('9');
    await terminal.waitFor('9');
    process.kill(terminal.pid, signal);
    process.kill(terminal.pid, 'SIGCONT');
    await terminal.waitFor('> 9');
    terminal.type('8\r');
    await terminal.waitFor("'98' is not one of the numbers 1 to 1.");
    await terminal.waitFor('> ');
    terminal.press('ctrl-c');
    expect((await terminal.exited).code).toBe(1);
  });
});

describe('on a terminal that can only print (TERM=dumb)', () => {
  const open = (line: string, before: readonly string[] = []) =>
    openTerminal(mac, RUSTA, [...before, ...line.split(' ')], { env: { TERM: 'dumb' } });

  test.each([
    ['Backspace', 'x\x7f7'],
    ['Ctrl-U', 'abc\x157'],
  ])('%s takes back what was typed, and no control sequence is written', async (_, typed) => {
    await using terminal = open('up');
    await terminal.waitFor('> ');
    for (const key of [...typed, '\r']) terminal.type(key);
    await terminal.waitFor("'7' is not one of the numbers 1 to 1.");
    await terminal.waitFor('> ');
    terminal.press('ctrl-d');
    expect((await terminal.exited).code).toBe(1);
    expect(terminal.screen).toEndWith('> \n[error] no VM chosen, nothing was done\n');
    expect(terminal.output).not.toContain('\x1b');
  });

  test.each(PROMPTS)('rusta %s ends with 1 by Ctrl-C and with 129 where the terminal is closed', async (line, question, no) => {
    await using terminal = open(line);
    await terminal.waitFor(question);
    terminal.type('a');
    terminal.press('ctrl-c');
    expect((await terminal.exited).code).toBe(1);
    expect(terminal.screen).toEndWith(`^C\n[error] ${no}\n`);
    const log = join(mac.root, 'log');
    await using closed = open(line, ['--log', log]);
    await closed.waitFor(question);
    closed.close();
    expect(await closed.exited).toEqual({ code: 129, signal: null });
    expect(readFileSync(log, 'utf8').match(/\[error\].*/g)).toEqual(['[error] interrupted (SIGHUP)']);
  });
});
