import type { SwitchDef, ValueDef } from '../commands/shared/args.ts';

/** The flags that every command accepts, anywhere before `--`. (spec 2.1) */
export const GLOBALS = {
  verbose: { type: 'boolean', description: 'Trace every program that is started, on stderr' },
  log: { type: 'string', valueHint: 'file', completes: 'files', description: 'Append everything that is printed to <file>' },
  json: { type: 'boolean', description: "Answer with one JSON document on stdout ('rusta help json')" },
  noInput: { type: 'boolean', description: 'Never ask anything' },
  help: { type: 'boolean', alias: ['h'], description: 'Print help' },
} satisfies Record<string, SwitchDef | ValueDef>;

/** Stands only before the word of a command: `create` has a --version of its own. */
export const ROOT_ONLY = {
  version: { type: 'boolean', alias: ['V'], description: 'Print the version' },
} satisfies Record<string, SwitchDef>;

export interface Globals {
  readonly verbose: boolean;
  readonly log: string | undefined;
  readonly json: boolean;
  readonly noInput: boolean;
}
