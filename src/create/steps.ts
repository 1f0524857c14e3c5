import type { App } from '../app.ts';
import { elapsed } from '../text/elapsed.ts';

/** The time that a step of `create` took. */
export interface LedgerEntry {
  /** `clone`, `boot`, a step of the provisioning script, `shutdown` */
  readonly step: string;
  readonly ms: number;
}

/** Shows the steps of `create` as they begin, and keeps a ledger of the time that each took. */
export interface Steps {
  /** Begins a step and ends the one before: `name` is for the ledger, `title` for the user. */
  begin(name: string, title: string): void;
  end(outcome: 'done' | 'stopped'): void;
  ledger(): readonly LedgerEntry[];
}

export function createSteps({ progress, clock }: Pick<App, 'progress' | 'clock'>): Steps {
  const entries: LedgerEntry[] = [];
  let running: { readonly name: string; readonly since: number } | undefined;
  const close = () => {
    if (running !== undefined) entries.push({ step: running.name, ms: clock.now() - running.since });
    running = undefined;
  };
  return {
    begin(name, title) {
      close();
      progress.step(title);
      running = { name, since: clock.now() };
    },
    end(outcome) {
      close();
      progress.end(outcome);
    },
    ledger: () => [...entries],
  };
}

/** Returns the steps that were long enough to notice, such as `clone 12 s, packages 1 min 01 s`. */
export function ledgerLine(entries: readonly LedgerEntry[]): string {
  const rounded = entries.map(({ step, ms }) => ({ step, ms: Math.round(ms / 1_000) * 1_000 }));
  const long = rounded.filter(({ ms }) => ms > 0).map(({ step, ms }) => `${step} ${elapsed(ms)}`);
  return long.length === 0 ? 'less than a second' : long.join(', ');
}
