import type { App } from '../app.ts';
import type { ResultOf } from '../contract/results.ts';
import type { Stdio } from '../system/terminal/stdio.ts';
import type { Globals } from './globals.ts';

/** The part of a command line that decides about the App. */
export interface AppOptions extends Globals {
  readonly progressTo: 'stdout' | 'stderr';
  /** A reader of stdout may leave early (`| head -1`): it got what was asked for. */
  readonly readerMayLeave: boolean;
}

export interface CliContext {
  readonly version: string;
  /** Prints a text as it is, with a line end, on stdout; or the result, where a document is asked for. */
  readonly answer: (text: string, result: ResultOf<'version' | 'help'>) => Promise<void>;
  /** Whether a document is asked for. */
  readonly json: boolean;
  readonly env: Readonly<Record<string, string>>;
  /** Opened only where it is needed: it costs start-up time. */
  readonly openStdio: () => Promise<Stdio>;
  /** Called once, when a command is to run. */
  readonly createApp: (options: AppOptions) => Promise<App>;
}
