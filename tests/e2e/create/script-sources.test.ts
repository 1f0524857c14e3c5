/** Where the script of `create --script` is read from, and which ones are refused. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { waitUntil } from '../../sandbox/wait.ts';
import { RUSTA } from '../rusta.ts';
import { commands, readState } from '../state.ts';
import { createLab, readLog, SAYS, writeScript } from './helpers/script.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

/** The end of a pipe to write to, undefined as long as nobody reads it. */
function openForReader(pipe: string): number | undefined {
  try {
    return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENXIO') return undefined;
    throw error;
  }
}

describe('create --script', () => {
  test('reads it from stdin', async () => {
    const { code, stderr } = await mac.rusta(['create', 'lab', '--script', '-'], { stdin: SAYS });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(readLog(mac)).toContain('set up as root');
  });

  test('reads it from a pipe that has a name', async () => {
    const line = `'${RUSTA}' create lab --script <(printf '#!/bin/sh\\necho from a pipe\\n')`;
    expect(await mac.run('/bin/bash', ['-c', line])).toMatchObject({ code: 0 });
    expect(readLog(mac)).toContain('from a pipe\n');
  });

  test.each<[NodeJS.Signals, number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('a pipe that nobody writes to is left by %s', async (signal, code) => {
    const pipe = join(mac.home, 'pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    const started = mac.start(RUSTA, ['create', 'lab', '--script', pipe]);
    let writer: number | undefined;
    await waitUntil('a reader of the pipe', () => {
      writer = openForReader(pipe);
      return writer !== undefined;
    });
    started.kill(signal);
    expect((await started.exited).code).toBe(code);
    if (writer !== undefined) closeSync(writer);
    expect(mac.vm('lab').exists).toBe(false);
  });

  test('reads it from home, which no shell puts into --script=~/x', async () => {
    writeScript(mac, SAYS);
    expect(await createLab(mac, '--script=~/set up.sh')).toMatchObject({ code: 0, stderr: '' });
  });

  test('line ends of Windows are told before there is a VM, where the guest would not find the interpreter', async () => {
    const { code, stderr } = await createLab(mac, '--script', writeScript(mac, '#!/bin/bash\r\necho ran\r\n'));
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('has line ends of Windows (CRLF)') });
    expect(commands(mac, 'tart').some((line) => line.startsWith('clone'))).toBe(false);
    // A shell that is named by nobody complains by itself, or does not.
    expect((await createLab(mac, '--script', writeScript(mac, 'echo ran #\r\n'))).code).toBe(0);
  });
});

describe('refused before anything is done', () => {
  const nothing = () =>
    expect({ tart: mac.calls('tart').some(({ args }) => args[0] === 'clone'), state: readState(mac) }).toEqual({
      tart: false,
      state: undefined,
    });

  test('a file that is not there', async () => {
    const { code, stderr } = await createLab(mac, '--script', join(mac.home, 'nope'));
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/nope cannot be read: ENOENT/) });
    nothing();
  });

  test('a folder', async () => {
    mkdirSync(join(mac.home, 'folder'));
    const { code, stderr } = await createLab(mac, '--script', join(mac.home, 'folder'));
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/folder cannot be read: EISDIR/) });
    nothing();
  });

  test.each(['file', 'stdin'])('an empty one, of %s', async (where) => {
    const { code, stderr } = await mac.rusta(['create', 'lab', '--script', where === 'file' ? writeScript(mac, '') : '-'], { stdin: '' });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/the script .* is empty/) });
    nothing();
  });

  test('a terminal', async () => {
    await using terminal = openTerminal(mac, RUSTA, ['create', 'lab', '--script', '-']);
    await terminal.waitFor("'--script -' reads the script from stdin, which is a terminal");
    expect((await terminal.exited).code).toBe(1);
    nothing();
  });
});
