/** The meaning of a program's message in plain words, and what to do about it. */
export interface Explanation {
  readonly message: string;
  readonly hint?: string;
  /** No later try can get another answer. */
  readonly isFinal?: true;
}

/** A known message. `$1` in message and hint stands for the first group of the pattern. */
export interface KnownMessage extends Explanation {
  readonly pattern: RegExp;
}

/** Returns the explanation of the first entry whose pattern matches the text; undefined for an unknown text. */
export function explain(known: readonly KnownMessage[], text: string): Explanation | undefined {
  for (const { pattern, message, hint, ...rest } of known) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const fill = (words: string) => words.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '');
    return { message: fill(message), ...(hint === undefined ? {} : { hint: fill(hint) }), ...rest };
  }
  return undefined;
}
