/** Whether a build server runs this, as they all say it: nobody watches, and nobody answers. */
export function inCi({ CI }: Readonly<Record<string, string | undefined>>): boolean {
  return CI !== undefined && CI !== '' && CI !== 'false';
}
