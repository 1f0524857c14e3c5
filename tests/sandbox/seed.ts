/**
 * What all random tests begin with, so that a run shows what the one before has shown. `SEED` sets another; `test:flakes` does for each of its
 * runs.
 */
export const SEED = Number(process.env['SEED'] ?? 1);
