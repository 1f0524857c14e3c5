import type { SwitchDef, ValueDef } from '../commands/shared/leaf.ts';

/** Accepted by every subcommand, anywhere before `--` (spec 2.1). */
export const GLOBALS = {
  verbose: { type: 'boolean', description: 'Trace every program that is started, on stderr' },
  log: { type: 'string', valueHint: 'file', description: 'Append everything that is printed to <file>' },
  help: { type: 'boolean', alias: ['h'], description: 'Print help' },
} as const satisfies Record<string, SwitchDef | ValueDef>;

/** Only before a command word: `create` has a --version of its own. */
export const ROOT_ONLY = {
  version: { type: 'boolean', alias: ['V'], description: 'Print the version' },
} as const satisfies Record<string, SwitchDef>;

export interface Globals {
  readonly verbose: boolean;
  readonly log: string | undefined;
  readonly help: boolean;
}
