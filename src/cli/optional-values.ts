import type { OptionalDef } from '../commands/shared/leaf.ts';
import { UsageError } from '../errors.ts';
import { closest, editDistance } from '../text/closest.ts';
import type { Flag } from './flags.ts';

/** A word after a bare flag that is not one of its values: a positional, or a value that does not exist. */
export interface Doubtful {
  readonly flag: string;
  readonly def: OptionalDef;
  readonly word: string;
  /** So near to a value that it can only be meant as one. */
  readonly mistyped: boolean;
}

/** So near to a value, a word is a mistyped one, not a name. */
const TYPING_ERRORS = 2;

/** Writes `--gui lightdm` as `--gui=lightdm`, and leaves other words where they are. Pure. */
export function attachValues(
  argv: readonly string[],
  flags: ReadonlyMap<string, Flag>,
): { readonly line: string[]; readonly doubtful: Doubtful | undefined } {
  const line: string[] = [];
  let doubtful: Doubtful | undefined;
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    const next = argv[index + 1];
    const def = flags.get(word)?.def;
    const isValueOfAnother = flags.get(argv[index - 1] ?? '')?.def.type === 'string';
    if (def?.type !== 'optional' || isValueOfAnother || next === undefined || next.startsWith('-')) {
      line.push(word);
      continue;
    }
    if (def.allowed.includes(next)) {
      line.push(`${word}=${next}`);
      index += 1;
      continue;
    }
    line.push(word);
    const mistyped = def.allowed.some((value) => editDistance(value, next.toLowerCase()) <= TYPING_ERRORS);
    doubtful = { flag: word, def, word: next, mistyped };
  }
  return { line, doubtful };
}

export function acceptsOnly(flag: string, def: OptionalDef, value: string, command: string): UsageError {
  return new UsageError(`${flag} accepts: ${def.allowed.join(', ')}; not '${value}'`, command, closest(value, def.allowed));
}
