import { SEED } from '../sandbox/seed.ts';

/** Numbers that look random and come again with the same seed, which a failing test shows. */
export function random(): { readonly seed: number; below(limit: number): number } {
  let state = SEED;
  return {
    seed: SEED,
    below(limit) {
      // Park and Miller's generator.
      state = (state * 48_271) % 2_147_483_647;
      return state % limit;
    },
  };
}
