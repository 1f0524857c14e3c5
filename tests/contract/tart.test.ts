import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ToolError } from '../../src/errors.ts';
import { systemClock } from '../../src/system/clock.ts';
import type { Interrupt } from '../../src/system/interrupt.ts';
import { createRunner } from '../../src/system/programs/runner.ts';
import { createStdio } from '../../src/system/terminal/stdio.ts';
import { createTart, type Tart } from '../../src/tools/tart/tart.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { PATIENCE_MS } from '../sandbox/wait.ts';

/** The adapter against the stand-in, which is itself tested against the contract point by point. */
let mac: Mac;
let tart: Tart;
beforeEach(async () => {
  mac = await createMac();
  const interrupt: Interrupt = { signal: new AbortController().signal, received: undefined, shield: (work) => work() };
  const runner = createRunner({
    env: mac.env,
    interrupt,
    ignored: [],
    clock: systemClock,
    stdio: createStdio(),
    trace: () => () => {},
    occupyTerminal: () => ({ [Symbol.dispose]: () => {} }),
  });
  tart = createTart(runner, mac.tartHome);
});
afterEach(() => mac[Symbol.asyncDispose]());

/** Asks until the agent answers; each look takes as long as Tart does. */
async function agentOf(vm: string): Promise<void> {
  while ((await tart.exec(vm, ['true'], { timeoutMs: 1_000 })).code !== 0);
}

const SMALL = { cpus: 2, memoryMb: 2048, diskGb: 30 };

test('a VM from its clone to its end', async () => {
  const lines: string[] = [];
  await tart.clone('ghcr.io/cirruslabs/ubuntu:24.04', 'lab', [], (line) => lines.push(line));
  expect(lines.join('\n')).toContain('pulling manifest...');
  expect(lines.some((line) => line.includes('\u001b'))).toBe(false); // CI is set for it
  await tart.set('lab', SMALL);
  expect(await tart.list()).toEqual([{ name: 'lab', status: 'stopped' }]);
  const run = tart.run('lab', { window: false, folders: [] }, join(mac.root, 'run.log'));
  await agentOf('lab');
  await mac.event('ip', 'lab');
  expect(await tart.list()).toEqual([{ name: 'lab', status: 'running' }]);
  expect(await tart.exec('lab', ['sh', '-c', 'echo out; echo err >&2; exit 9'], { timeoutMs: PATIENCE_MS })).toEqual({
    code: 9,
    stdout: 'out\n',
    stderr: 'err\n',
    timedOut: false,
  });
  expect(await tart.ip('lab')).toEqual({ address: mac.vm('lab').address ?? '' });
  await tart.stop('lab');
  expect(await run.exited).toBe(0);
  expect(readFileSync(join(mac.root, 'run.log'), 'utf8')).toContain('Stopping VM...');
  await tart.delete('lab');
  expect(await tart.list()).toEqual([]);
});

test('words reach the guest as they are, and a file becomes its standard input', async () => {
  await mac.addVm('lab', { running: true });
  const words = ['printf', '<%s>', 'a b', '$HOME', '--', '-x', ''];
  expect((await tart.exec('lab', words, { timeoutMs: PATIENCE_MS })).stdout).toBe('<a b><$HOME><--><-x><>');
  const file = join(mac.root, 'input');
  writeFileSync(file, 'from the host\n');
  expect((await tart.exec('lab', ['cat'], { timeoutMs: PATIENCE_MS, stdinFile: file })).stdout).toBe('from the host\n');
});

test('run removes the socket of the last run, and only then is there an agent', async () => {
  await mac.addVm('lab');
  const socket = join(mac.vm('lab').folder, 'control.sock');
  writeFileSync(socket, '');
  const run = tart.run('lab', { window: false, folders: [] }, join(mac.root, 'run.log'));
  await agentOf('lab');
  expect(existsSync(socket)).toBe(true);
  run.kill('SIGKILL');
  expect(await run.exited).toBe(137);
});

test('a program that hangs is ended at its bound', async () => {
  await mac.addVm('lab', { running: true });
  expect(await tart.exec('lab', ['sleep', '600'], { timeoutMs: 300 })).toMatchObject({ timedOut: true });
});

describe('failures name the program, its verb and what it said', () => {
  test.each([
    [
      'clone',
      () => tart.clone('ghcr.io/cirruslabs/ubuntu:1.0', 'lab', [], () => {}),
      /^'tart clone' failed \(exit 1\): Error: UnexpectedHTTPStatusCode/,
    ],
    ['set', () => tart.set('gone', SMALL), /^'tart set' failed \(exit 2\): the specified VM "gone" does not exist$/],
    ['stop', () => tart.stop('gone'), /^'tart stop' failed \(exit 2\): the specified VM "gone" does not exist$/],
    ['delete', () => tart.delete('gone'), /^'tart delete' failed \(exit 2\): the specified VM "gone" does not exist$/],
  ] as const)('%s', async (_, act, message) => {
    const error = await act().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ToolError);
    expect(error).toHaveProperty('message', expect.stringMatching(message));
  });

  test('a flood of output is cut off', async () => {
    mac.configure({ faults: [{ program: 'tart', args: ['list'], do: 'megabytes' }] });
    expect(await tart.list().catch((error: unknown) => error)).toBeInstanceOf(Error);
  });
});

test('no address is undefined, not an error', async () => {
  await mac.addVm('lab');
  expect(await tart.ip('lab')).toEqual({ said: expect.stringContaining('no IP address found') });
  expect(await tart.ip('gone')).toEqual({ said: expect.stringContaining('does not exist') });
});
