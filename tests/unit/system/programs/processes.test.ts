import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { systemProcesses } from '../../../../src/system/programs/processes.ts';
import { waitUntil } from '../../../sandbox/wait.ts';

/** Ends its first thread, not the process: a worker goes on. exit(2) has another number on each processor. */
const HEADLESS = `
  const { dlopen } = require('bun:ffi');
  const { symbols } = dlopen('libc.so.6', { syscall: { args: ['i64', 'i64'], returns: 'i64' } });
  const worker = new Worker(URL.createObjectURL(new Blob(['postMessage(0); setInterval(() => {}, 1000)'])));
  worker.onmessage = () => symbols.syscall(process.arch === 'arm64' ? 93 : 60, 0);
`;

const stateOf = (pid: number) => / ([A-Z]) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];

test.skipIf(process.platform !== 'linux')('a process lives until its last thread has ended', async () => {
  await using child = Bun.spawn([process.execPath, '-e', HEADLESS], { stdio: ['ignore', 'inherit', 'inherit'], killSignal: 'SIGKILL' });
  await waitUntil('the first thread to end', () => stateOf(child.pid) === 'Z');
  expect(systemProcesses.isAlive(child.pid)).toBe(true);
  child.kill('SIGKILL');
  await child.exited;
  expect(systemProcesses.isAlive(child.pid)).toBe(false);
});

// On macOS a signal cannot tell the two apart: whoever waits asks `ps` there.
test.skipIf(process.platform === 'darwin')('an ended process that nobody has collected does not live', async () => {
  // The shell becomes a program that collects nothing.
  await using parent = Bun.spawn(['sh', '-c', 'true & echo $!; exec sleep 60'], { stdout: 'pipe', stdin: 'ignore' });
  const { value } = await parent.stdout.getReader().read();
  const pid = Number(new TextDecoder().decode(value));
  await waitUntil('its end', () => !systemProcesses.isAlive(pid));
});
