import type { App } from '../app.ts';
import { ToolError } from '../errors.ts';

/**
 * Keeps an idle Mac from falling asleep until rusta ends, for work that takes minutes: downloads in a guest break when the Mac sleeps. Does
 * nothing where there is no `caffeinate`, or where it does not start: the work goes on without it.
 */
export function keepAwake({ runner, processes, out }: Pick<App, 'runner' | 'processes' | 'out'>): void {
  if (runner.which('caffeinate') === undefined) return;
  try {
    // -i: no idle sleep; the display may. -w: until that process has ended, however it ends.
    runner.background({ program: 'caffeinate', args: ['-i', '-w', String(processes.pid)] });
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    out.trace(`this Mac may fall asleep meanwhile: ${error.message}`);
  }
}
