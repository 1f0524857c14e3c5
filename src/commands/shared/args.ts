import { UsageError } from '../../errors.ts';
import { closest } from '../../text/closest.ts';

/** Arguments are defined as in citty, and also say how a text becomes a value, and how Tab completes it. */

/** The place of a text in the command line, for the message that refuses it. */
export interface Place {
  /** The words of the command: `source add`. */
  readonly command: string;
  /** A flag as it was typed, or `<pos>`. */
  readonly spelling: string;
}

/** Candidates that are looked up when Tab is pressed. */
export type Lookup = 'vms' | 'sources' | 'images' | 'versions' | 'files';

export interface Range {
  readonly min: number;
  readonly max: number;
}

interface TextDef {
  readonly description: string;
  /** Reads the text. Without it, the text itself is the value. Throws UsageError or RustaError for a text that cannot be one. */
  readonly parse?: (text: string, place: Place) => unknown;
  /** The texts that `parse` takes, if these are few. */
  readonly choices?: readonly string[];
  /** The numbers that `parse` takes. */
  readonly range?: Range;
  readonly completes?: Lookup;
  /** The text that is read if none was given. */
  readonly default?: string;
}

interface FlagNames {
  /** Other spellings: one letter is `-x`, more are `--word`. */
  readonly alias?: string[];
}

export interface SwitchDef extends FlagNames {
  readonly type: 'boolean';
  readonly description: string;
}

/** A flag with a value: `--timeout 5`, `--timeout=5`. */
export interface ValueDef extends FlagNames, TextDef {
  readonly type: 'string';
  /** `<…>` in the help. */
  readonly valueHint: string;
  /** The value of the flag alone. The word behind such a flag is its value only if it is among the choices. */
  readonly bare?: string;
  /** It may be given more than once: its value is the list of all. */
  readonly repeats?: true;
}

export interface PositionalDef extends TextDef {
  readonly type: 'positional';
  readonly required: boolean;
  /** `<…>` in the help, instead of the key. */
  readonly valueHint?: string;
}

/** The words after `--`, which belong to another program. */
export interface PassthroughDef {
  readonly type: 'positional';
  readonly required: false;
  readonly passthrough: true;
  readonly description: string;
}

export type FlagDef = SwitchDef | ValueDef;
export type ArgDef = FlagDef | PositionalDef | PassthroughDef;
export type ArgDefs = Readonly<Record<string, ArgDef>>;

type TextValue<D> = D extends { readonly parse: (text: string, place: Place) => infer T } ? T : string;

type ValueOf<D extends ArgDef> = D extends { readonly type: 'boolean' }
  ? boolean
  : D extends { readonly passthrough: true }
    ? readonly string[]
    : D extends { readonly repeats: true }
      ? readonly TextValue<D>[]
      : D extends { readonly default: string } | { readonly required: true }
        ? TextValue<D>
        : TextValue<D> | undefined;

/** The value of each argument, by its key; unknown for a command in general. */
export type ValuesOf<A extends ArgDefs> = string extends keyof A
  ? Readonly<Record<string, unknown>>
  : { readonly [K in keyof A]: ValueOf<A[K]> };

/** Returns the error that says which texts an argument takes, and which of them was probably meant. */
export function notAccepted(text: string, choices: readonly string[], { command, spelling }: Place): UsageError {
  const where = spelling.startsWith('-') ? spelling : command;
  return new UsageError(`${where} accepts: ${choices.join(', ')}; not '${text}'`, command, closest(text, choices));
}
