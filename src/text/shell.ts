/** Returns one word for a POSIX shell. zsh, which people log in with, takes a leading `=` for the path of a program. */
export function quote(word: string): string {
  if (/^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
