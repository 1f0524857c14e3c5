import { ToolError } from '../../errors.ts';
import { settlesWithin } from '../clock.ts';
import type { CapturedCommand, Finished, Prepared, RunnerContext } from './command.ts';
import { SIGNAL_DELIVERY_MS, startFailure, waitForExit } from './exit-code.ts';
import { readLines } from './lines.ts';

/** Beyond this a program is broken, not talkative. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
/** From the polite signal to SIGKILL. */
const KILL_AFTER_MS = 5_000;
/** A grandchild may keep the pipes open after the program has ended. */
const DRAIN_MS = 500;

/** Runs a program to its end, its bound, the caller's signal or an interrupt, and collects what it prints. */
export async function runCaptured(prepared: Prepared, command: CapturedCommand, context: RunnerContext): Promise<Finished> {
  const interrupt = context.interrupt.signal;
  interrupt.throwIfAborted();
  command.signal?.throwIfAborted();
  const child = spawn(prepared, command, context);
  let code = 0;
  let timedOut = false;
  let flooded = false;
  let broken: { readonly error: unknown } | undefined;
  const stop = () => {
    child.kill(command.stopSignal ?? 'SIGTERM');
    killTimer ??= setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  };
  let killTimer: ReturnType<typeof setTimeout> | undefined;
  const expire = () => {
    // After a pause of rusta itself (Ctrl-Z, a closed lid) the time is over before the end of the program is heard of.
    bound = setTimeout(() => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      timedOut = true;
      stop();
    }, SIGNAL_DELIVERY_MS);
  };
  let bound = setTimeout(expire, command.timeoutMs);
  interrupt.addEventListener('abort', stop);
  command.signal?.addEventListener('abort', stop);
  // Nobody reads on where the reader has failed: the program would wait for it.
  const onError = (error: unknown) => {
    broken ??= { error };
    stop();
  };
  const collect = (stream: 'stdout' | 'stderr') =>
    readLines(child[stream], {
      maxBytes: MAX_OUTPUT_BYTES,
      onLine: command.onLine && ((line) => command.onLine?.(line, stream)),
      onError,
      onFlood: () => {
        flooded = true;
        child.kill('SIGKILL');
      },
    });
  const out = collect('stdout');
  const err = collect('stderr');
  try {
    code = await waitForExit(child, context.clock);
    await settlesWithin(context.clock, Promise.all([out.done, err.done]), DRAIN_MS);
  } finally {
    clearTimeout(bound);
    clearTimeout(killTimer);
    interrupt.removeEventListener('abort', stop);
    command.signal?.removeEventListener('abort', stop);
    out.cancel();
    err.cancel();
  }
  interrupt.throwIfAborted();
  command.signal?.throwIfAborted();
  if (broken !== undefined) throw broken.error;
  if (flooded) throw new ToolError(command.program, `'${command.program}' printed more than ${MAX_OUTPUT_BYTES / 1024 / 1024} MB`);
  return { code, stdout: out.text(), stderr: err.text(), timedOut };
}

function stdinOf({ stdinFile, input }: CapturedCommand) {
  if (input !== undefined) return new TextEncoder().encode(input);
  return stdinFile === undefined ? 'ignore' : Bun.file(stdinFile);
}

function spawn(prepared: Prepared, command: CapturedCommand, { ignored }: RunnerContext) {
  try {
    return Bun.spawn(prepared.argv, {
      env: prepared.env,
      stdin: stdinOf(command),
      stdout: 'pipe',
      stderr: 'pipe',
      // Tart hears Ctrl-C even where it was told to ignore it: what the terminal sends must not reach it then.
      detached: ignored.length > 0,
    });
  } catch (error) {
    throw startFailure(command.program, error);
  }
}
