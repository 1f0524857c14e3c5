import type { Clock } from '../system/clock.ts';
import { type RunnerContext, STOPPED } from '../system/programs/command.ts';
import { quote } from '../text/shell.ts';
import type { Output } from './output.ts';

/** How often a command line is shown before it counts as a poll, of which only changes are shown. */
const SHOWN_IN_FULL = 2;

interface Poll {
  starts: number;
  /** The ways in which it has ended, of those that were shown. */
  readonly endings: Set<string>;
  /** Number of ends that were not shown because they were like one before. */
  hidden: number;
}

/** Makes the trace of --verbose on stderr. It leaves out environments, in which passwords travel (D4). */
export function createTrace(out: Pick<Output, 'trace'>, clock: Pick<Clock, 'now'>): RunnerContext['trace'] {
  const polls = new Map<string, Poll>();
  // A new line ends the polling before it: the count is told, and the same line later is new again.
  const sumUp = () => {
    const repeated = [...polls].filter(([, { hidden }]) => hidden > 0);
    for (const [line, { hidden }] of repeated) out.trace(`  the same ${hidden} times more: ${line}`);
    if (repeated.length > 0) polls.clear();
  };
  return ({ program, args }) => {
    const line = [program, ...args].map(quote).join(' ');
    if (!polls.has(line)) sumUp();
    const poll = polls.get(line) ?? { starts: 0, endings: new Set(), hidden: 0 };
    polls.set(line, poll);
    poll.starts += 1;
    const since = clock.now();
    const isShown = poll.starts <= SHOWN_IN_FULL;
    if (isShown) out.trace(`+ ${line}`);
    return (ending) => {
      if (!isShown && (ending === STOPPED || poll.endings.has(ending))) {
        poll.hidden += 1;
        return;
      }
      if (!isShown) sumUp();
      poll.endings.add(ending);
      out.trace(`  ${ending} after ${seconds(clock.now() - since)}: ${line}`);
    };
  };
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
