import type { App } from '../../app.ts';
import type { Runner } from '../../system/programs/runner.ts';
import type { MacOs } from '../../tools/macos.ts';
import type { Tart } from '../../tools/tart/tart.ts';

/** What collectors look with: adapters whose programs have short bounds. */
export interface Looks {
  readonly app: App;
  readonly runner: Runner;
  readonly tart: Tart;
  readonly macos: MacOs;
  /** Resolves with undefined where nobody tells; why not is kept for the report. Throws Interrupted. */
  readonly look: <T>(work: () => Promise<T>) => Promise<T | undefined>;
}
