import type { Context } from '../../standin/context.ts';
import type { TartHome } from '../store/home.ts';
import type { Parsed } from './parse.ts';

/** What a subcommand works with. Resolves to the exit code; fails by throwing. */
export interface Invocation {
  readonly context: Context;
  readonly home: TartHome;
  readonly args: Parsed;
}

export type Subcommand = (invocation: Invocation) => number | Promise<number>;

export type Loader = () => Promise<Subcommand>;
