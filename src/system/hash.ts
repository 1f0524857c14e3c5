/** Returns twelve hexadecimal digits that stand for a text in the name of a file. */
export function shortHash(text: string): string {
  return new Bun.CryptoHasher('sha256').update(text).digest('hex').slice(0, 12);
}
