/** Quotes a word for a POSIX shell. zsh, which people log in with, takes a leading `=` for the path of a program. */
export function quote(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Quotes a word with backslashes, for a command within the quotes of a message. */
export function asWord(word: string): string {
  // An empty word and a line end can only be quoted.
  if (PLAIN.test(word) || word === '' || word.includes('\n')) return quote(word);
  return word.replaceAll(/[^\p{L}\p{N}_@%+:,./-]/gu, '\\$&');
}

const PLAIN = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/;
