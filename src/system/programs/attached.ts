import { Interrupted } from '../../errors.ts';
import type { Stdio } from '../terminal/stdio.ts';
import { type AttachedChild, recordTerminal } from './attached-pty.ts';
import { guardChild } from './child-guard.ts';
import type { AttachedCommand, Prepared, RunnerContext } from './command.ts';
import { startFailure, waitForExit } from './exit-code.ts';

/**
 * Runs a program on rusta's own stdin, stdout and stderr, and resolves with its exit code. Passes on a stop signal that reaches rusta, so
 * that the program ends in its own way. A program whose reader has gone is ended too; the exit code is 141 then, which shells give to a
 * program that lost its pipe.
 */
export async function attachProgram(prepared: Prepared, command: AttachedCommand, context: RunnerContext): Promise<number> {
  const interrupt = context.interrupt.signal;
  interrupt.throwIfAborted();
  using _ = context.occupyTerminal();
  const attached = open(prepared, command, context);
  const forward = () => attached.child.kill(signalFor(interrupt.reason));
  interrupt.addEventListener('abort', forward);
  // A session lasts as long as the user wants. On SIGINT it restores the terminal.
  using _guard = guardChild(attached.child, {
    timeoutMs: FOREVER_MS,
    stopSignal: 'SIGINT',
    signals: command.signal === undefined ? [] : [command.signal],
  });
  let code: number;
  try {
    code = await waitForExit(attached.child, context.clock);
    await attached.finish();
  } finally {
    interrupt.removeEventListener('abort', forward);
  }
  const lostReader = context.interrupt.received?.signal === 'SIGPIPE' || (code !== 0 && context.stdio.hasLostReader(1));
  if (lostReader) return READER_GONE;
  interrupt.throwIfAborted();
  return code;
}

/** Longest time of a timer. */
const FOREVER_MS = 2 ** 31 - 1;
/** Exit code of a program whose reader has gone: 128 + the number of SIGPIPE. */
export const READER_GONE = 141;

function signalFor(reason: unknown): NodeJS.Signals {
  // sshpass passes SIGTERM on to its ssh, but would die of SIGPIPE alone.
  return reason instanceof Interrupted && reason.signal !== 'SIGPIPE' ? reason.signal : 'SIGTERM';
}

function open(prepared: Prepared, { program, isLogged = true }: AttachedCommand, { tee: log, stdio }: RunnerContext): AttachedChild {
  const tee = isLogged ? log : undefined;
  try {
    if (tee === undefined) {
      const child = Bun.spawn(prepared.argv, { env: prepared.env, stdio: ['inherit', 'inherit', 'inherit'] });
      return { child, finish: () => Promise.resolve() };
    }
    // A program that would see a terminal must still see one while its output is copied to the log.
    if (stdio.isTerminal(0) && stdio.isTerminal(1)) return recordTerminal(prepared, stdio, tee);
    return relay(prepared, stdio, tee);
  } catch (error) {
    throw startFailure(program, error);
  }
}

/** Copies what a program prints to rusta's own streams and to the log. Where rusta has lost its reader, the program loses its pipe too. */
function relay(prepared: Prepared, stdio: Stdio, tee: (chunk: Uint8Array) => void): AttachedChild {
  const child = Bun.spawn(prepared.argv, { env: prepared.env, stdio: ['inherit', 'pipe', 'pipe'] });
  const copy = async (stream: ReadableStream<Uint8Array>, fd: 1 | 2) => {
    for await (const chunk of stream) {
      tee(chunk);
      if (!stdio.write(fd, chunk)) return;
    }
  };
  const copies = Promise.all([copy(child.stdout, 1), copy(child.stderr, 2)]);
  return { child, finish: async () => void (await copies) };
}
