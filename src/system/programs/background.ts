import type { Prepared } from './command.ts';
import { startFailure } from './exit-code.ts';

/** Starts a program in a session of its own, without streams. Nobody waits for it or asks for its exit code. Throws ToolError. */
export function startBackground({ argv, env }: Prepared, program: string): void {
  try {
    Bun.spawn(argv, { env, stdio: ['ignore', 'ignore', 'ignore'], detached: true }).unref();
  } catch (error) {
    throw startFailure(program, error);
  }
}
