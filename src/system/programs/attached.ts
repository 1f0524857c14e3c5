import { Interrupted } from '../../errors.ts';
import { type AttachedChild, recordTerminal } from './attached-pty.ts';
import type { Prepared, RunnerContext } from './command.ts';
import { startFailure, waitForExit } from './exit-code.ts';

/**
 * Runs a program on rusta's own stdin, stdout and stderr and resolves with its exit code.
 * A stop signal that reaches rusta is passed on, so that the program ends its own way.
 */
export async function attachProgram(prepared: Prepared, program: string, context: RunnerContext): Promise<number> {
  const interrupt = context.interrupt.signal;
  interrupt.throwIfAborted();
  const attached = open(prepared, program, context);
  const forward = () => attached.child.kill(interrupt.reason instanceof Interrupted ? interrupt.reason.signal : 'SIGTERM');
  interrupt.addEventListener('abort', forward);
  let code: number;
  try {
    code = await waitForExit(attached.child, context.clock);
    await attached.finish();
  } finally {
    interrupt.removeEventListener('abort', forward);
  }
  interrupt.throwIfAborted();
  return code;
}

function open(prepared: Prepared, program: string, context: RunnerContext): AttachedChild {
  const { tee, stdio } = context;
  try {
    if (tee === undefined) {
      const child = Bun.spawn(prepared.argv, { env: prepared.env, stdio: ['inherit', 'inherit', 'inherit'] });
      return { child, finish: () => Promise.resolve() };
    }
    // A program that sees a terminal today must still see one while its output is copied to the log.
    if (stdio.isTerminal(0) && stdio.isTerminal(1)) return recordTerminal(prepared, stdio, tee);
    const child = Bun.spawn(prepared.argv, { env: prepared.env, stdio: ['inherit', 'pipe', 'pipe'] });
    const copy = async (stream: ReadableStream<Uint8Array>, fd: 1 | 2) => {
      for await (const chunk of stream) {
        stdio.write(fd, chunk);
        tee(chunk);
      }
    };
    const copies = Promise.all([copy(child.stdout, 1), copy(child.stderr, 2)]);
    return { child, finish: async () => void (await copies) };
  } catch (error) {
    throw startFailure(program, error);
  }
}
