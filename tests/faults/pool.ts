/** Runs all of them, so many at the same time, in their order; what each came to. */
export async function atOnce<T, R>(count: number, all: readonly T[], run: (one: T) => Promise<R>): Promise<Map<T, R>> {
  const results = new Map<T, R>();
  const queue = all.values();
  const worker = async () => {
    for (const one of queue) results.set(one, await run(one));
  };
  await Promise.all(Array.from({ length: count }, worker));
  return results;
}
