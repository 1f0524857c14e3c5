/** Numbers that look random and come again with the same seed, which a failing test shows; `RACE_SEED` sets it. */
export function random(): { readonly seed: number; below(limit: number): number } {
  const seed = Number(process.env['RACE_SEED'] ?? (Date.now() % 100_000) + 1);
  let state = seed;
  return {
    seed,
    below(limit) {
      // Park and Miller's generator.
      state = (state * 48_271) % 2_147_483_647;
      return state % limit;
    },
  };
}
