/** Returns the name of an error number of the C library, such as ENOSPC; numbers differ between systems. */
export function errnoName(errno: number): string {
  // Loaded on demand: it is rarely needed and costs start-up time.
  const { errno: numbers } = process.getBuiltinModule('node:os').constants;
  return Object.entries(numbers).find(([, number]) => number === errno)?.[0] ?? `errno ${errno}`;
}
