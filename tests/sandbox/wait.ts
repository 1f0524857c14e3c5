/** Looks every few ms until it is so; rejects with what was awaited and what was there instead. */
export async function waitUntil(what: string, isSo: () => boolean, timeoutMs = 4500, instead: () => string = () => ''): Promise<void> {
  const until = Date.now() + timeoutMs;
  while (!isSo()) {
    if (Date.now() > until) throw new Error(`waited ${timeoutMs} ms for ${what}; ${instead()}`);
    await Bun.sleep(5);
  }
}
