import type { CommandContext } from 'citty';
import type { App } from '../../app.ts';
import type { HostNeed } from '../../vm/preflight.ts';
import type { ArgDefs, ValuesOf } from './args.ts';

/** citty's context, with typed values in `args` and the App in `data`. */
export interface Context<A extends ArgDefs = ArgDefs> extends Pick<CommandContext, 'rawArgs' | 'cmd'> {
  readonly args: ValuesOf<A>;
  readonly data: App;
}

/** A citty command without its `meta`, which stands in cli/tree.ts. Help, host and streams need the rest. */
export interface Command {
  readonly args: ArgDefs;
  /** Pairs of flags that exclude each other, by their keys. */
  readonly conflicts?: readonly (readonly [string, string])[];
  /** Sentences for the help, below the summary. */
  readonly details?: string;
  readonly examples: readonly (readonly [command: string, explanation: string])[];
  readonly requires: HostNeed;
  /** `result` keeps stdout for the data that was asked for; `report` tells there what is being done. (D2) */
  readonly stdout: 'result' | 'report';
  /** `none` refuses --json: its output is meant for another program, as it is. (D22) */
  readonly document?: 'none';
  /** Checks the arguments together, before the host is prepared. Throws RustaError. */
  setup?(context: Context): void;
  /** Resolves with an exit code, or with nothing for 0. */
  run(context: Context): Promise<number> | Promise<void>;
}

/** A command whose `setup` and `run` know the types of their arguments. */
export interface TypedCommand<A extends ArgDefs> extends Command {
  readonly args: A;
  readonly conflicts?: readonly (readonly [keyof A & string, (keyof A & string) | 'json'])[];
  setup?(context: Context<A>): void;
  run(context: Context<A>): Promise<number> | Promise<void>;
}

/** Declares a command: its arguments, and the use cases that it calls. */
export function command<const A extends ArgDefs>(definition: TypedCommand<A>): TypedCommand<A> {
  return definition;
}
