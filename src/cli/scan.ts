import { type Flag, needsValue } from './flags.ts';

/** A flag, known or not. Its value, if it has one, is the next token. */
export interface FlagToken {
  readonly kind: 'flag';
  readonly spelling: string;
  /** undefined if there is no such flag */
  readonly flag: Flag | undefined;
}

/** A word after a flag that may stand alone, which is not one of the flag's choices: a positional, or a mistyped choice. */
export interface DoubtfulToken {
  readonly kind: 'value?';
  readonly text: string;
  readonly after: FlagToken;
  /** Index of the word in the line. */
  readonly at: number;
}

export type Token =
  | FlagToken
  | { readonly kind: 'value'; readonly text: string }
  | DoubtfulToken
  | { readonly kind: 'word'; readonly text: string; readonly at: number }
  /** The words after `--`. */
  | { readonly kind: 'rest'; readonly words: readonly string[] };

/** Tells flags, their values and other words apart. No other place decides which word is a flag's value. Pure. */
export function scan(words: readonly string[], flags: ReadonlyMap<string, Flag>): Token[] {
  const tokens: Token[] = [];
  for (const [at, text] of words.entries()) {
    if (text === '--') {
      tokens.push({ kind: 'rest', words: words.slice(at + 1) });
      break;
    }
    const open = openFlag(tokens);
    if (open?.flag !== undefined && isValueOf(open.flag, text)) tokens.push({ kind: 'value', text });
    else if (text.startsWith('-') && text !== '-') tokens.push(...flagTokens(text, flags));
    else if (open !== undefined && !needsValue(open.flag.def)) tokens.push({ kind: 'value?', text, after: open, at });
    else tokens.push({ kind: 'word', text, at });
  }
  return tokens;
}

/** Returns the last token if it is a flag whose value may come next. */
export function openFlag(tokens: readonly Token[]): (FlagToken & { readonly flag: Flag }) | undefined {
  const last = tokens.at(-1);
  if (last?.kind !== 'flag' || last.flag === undefined || last.flag.def.type === 'boolean') return undefined;
  return { ...last, flag: last.flag };
}

/** Takes a word with a dash for another flag whose predecessor lacks its value, unless it is a negative number. */
function isValueOf({ def }: Flag, word: string): boolean {
  if (needsValue(def)) return !/^-[^\d]/.test(word);
  return def.type === 'string' && (def.choices?.includes(word) ?? false);
}

/** Takes apart `--flag`, `--flag=value`, `-f`, and flags of one letter in one word: `-fy`. */
function flagTokens(word: string, flags: ReadonlyMap<string, Flag>): Token[] {
  const token = (spelling: string): FlagToken => ({ kind: 'flag', spelling, flag: flags.get(spelling) });
  const [, long, attached] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
  if (long !== undefined && attached !== undefined) return [token(long), { kind: 'value', text: attached }];
  if (word.startsWith('--')) return [token(word)];
  const letters = Array.from(word.slice(1), (letter) => token(`-${letter}`));
  const unknown = letters.findIndex(({ flag }) => flag === undefined);
  return unknown < 0 ? letters : letters.slice(0, unknown + 1);
}
