import { ToolError } from '../../errors.ts';
import { settlesWithin } from '../clock.ts';
import { type ChildGuard, guardChild } from './child-guard.ts';
import type { CapturedCommand, Finished, Prepared, RunnerContext } from './command.ts';
import { startFailure, waitForExit } from './exit-code.ts';
import { readLines } from './lines.ts';

/** Most bytes that a program may print: one that prints more is broken. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
/** Milliseconds to wait for the end of the output: a grandchild may keep the pipes open after the program has ended. */
const DRAIN_MS = 500;

/** Runs a program until it ends, or is ended by its time limit, the caller's signal or an interrupt; collects what it prints. */
export async function runCaptured(prepared: Prepared, command: CapturedCommand, context: RunnerContext): Promise<Finished> {
  const signals = [context.interrupt.signal, ...(command.signal === undefined ? [] : [command.signal])];
  const throwIfAborted = () => {
    for (const signal of signals) signal.throwIfAborted();
  };
  throwIfAborted();
  const child = spawn(prepared, command, context);
  using guard = guardChild(child, { timeoutMs: command.timeoutMs, stopSignal: command.stopSignal ?? 'SIGTERM', signals });
  using output = collectOutput(child, command, guard);
  const code = await waitForExit(child, context.clock);
  await settlesWithin(context.clock, output.done, DRAIN_MS);
  throwIfAborted();
  return { code, ...output.read(), timedOut: guard.timedOut };
}

interface Output extends Disposable {
  readonly done: Promise<unknown>;
  /** Returns what was printed. Throws the error of `onLine`, and ToolError for a program that printed too much. */
  read(): Pick<Finished, 'stdout' | 'stderr'>;
}

/** Reads both streams. Stops the child if reading cannot go on, because the child would wait for its reader. */
function collectOutput(child: ReturnType<typeof spawn>, { program, onLine }: CapturedCommand, guard: ChildGuard): Output {
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown) => {
    failure ??= { error };
    guard.stop();
  };
  const flood = () => {
    fail(new ToolError(program, `'${program}' printed more than ${MAX_OUTPUT_BYTES / 1024 / 1024} MB`));
    child.kill('SIGKILL');
  };
  const collect = (stream: 'stdout' | 'stderr') =>
    readLines(child[stream], {
      maxBytes: MAX_OUTPUT_BYTES,
      onLine: onLine && ((line) => onLine(line, stream)),
      onError: fail,
      onFlood: flood,
    });
  const [out, err] = [collect('stdout'), collect('stderr')];
  return {
    done: Promise.all([out.done, err.done]),
    read() {
      if (failure !== undefined) throw failure.error;
      return { stdout: out.text(), stderr: err.text() };
    },
    [Symbol.dispose]() {
      out.cancel();
      err.cancel();
    },
  };
}

function stdinOf({ stdinFile, input, ownInput }: CapturedCommand) {
  if (ownInput) return 'inherit';
  if (input !== undefined) return new TextEncoder().encode(input);
  return stdinFile === undefined ? 'ignore' : Bun.file(stdinFile);
}

function spawn(prepared: Prepared, command: CapturedCommand, { ignored }: RunnerContext) {
  try {
    return Bun.spawn(prepared.argv, {
      env: prepared.env,
      stdio: [stdinOf(command), 'pipe', 'pipe', ...(command.descriptors ?? [])],
      // Tart handles Ctrl-C even if it was started to ignore it: in a session of its own the terminal's signals do not reach it.
      detached: ignored.length > 0,
    });
  } catch (error) {
    throw startFailure(command.program, error);
  }
}
