import type { App } from '../../app.ts';
import type { Runner } from '../../system/programs/runner.ts';
import type { MacOs } from '../../tools/macos.ts';
import type { Tart } from '../../tools/tart/tart.ts';

/** The means of collectors: adapters whose programs have short bounds. */
export interface Looks {
  readonly app: App;
  readonly runner: Runner;
  readonly tart: Tart;
  readonly macos: MacOs;
  /** Resolves with undefined if the work fails, and keeps the reason for the report. Throws Interrupted. */
  readonly look: <T>(work: () => Promise<T>) => Promise<T | undefined>;
}
