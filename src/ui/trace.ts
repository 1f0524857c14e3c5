import type { Clock } from '../system/clock.ts';
import { type RunnerContext, STOPPED } from '../system/programs/command.ts';
import { quote } from '../text/shell.ts';
import type { Output } from './output.ts';

/** A command line is shown so often before it counts as a poll, of which only the changes are worth a line. */
const SHOWN_IN_FULL = 2;

interface Poll {
  starts: number;
  /** How it has ended so far, as far as that was shown. */
  readonly endings: Set<string>;
  /** Ends that were not shown: each was like one before. */
  hidden: number;
}

/** Traces on stderr under --verbose. Environments stay out of it: passwords travel there (D4). */
export function createTrace(out: Pick<Output, 'trace'>, clock: Pick<Clock, 'now'>): RunnerContext['trace'] {
  const polls = new Map<string, Poll>();
  // What is new ends the polling before it: its count is told, and the same line later is news again.
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
