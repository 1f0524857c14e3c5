import type { App } from '../app.ts';
import type { Stdio } from '../system/stdio.ts';

/** What a command line says about the App it needs. */
export interface AppOptions {
  readonly verbose: boolean;
  readonly log: string | undefined;
  readonly progressTo: 'stdout' | 'stderr';
  /** A reader of stdout who leaves early (`| head -1`) got what was asked for. */
  readonly readerMayLeave: boolean;
}

export interface CliContext {
  readonly version: string;
  /** Prints text as it is, with a line end, on stdout. */
  readonly print: (text: string) => void;
  readonly env: Readonly<Record<string, string>>;
  /** Opened only where it is needed: it costs start-up time. */
  readonly openStdio: () => Promise<Stdio>;
  /** Called once, when a command is to run. */
  readonly createApp: (options: AppOptions) => Promise<App>;
}
