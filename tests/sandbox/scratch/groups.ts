import { signal } from '../processes.ts';

/** The process groups of a guest, which end with its power. */
export interface Groups {
  add(group: number): void;
  /** Forgets those that have ended. */
  forgetEnded(): void;
  readonly size: number;
  killAll(): void;
}

/** How often ended groups have to be forgotten, in milliseconds: Linux gives a number away again after 32,768 others, which takes the tests half a minute. */
export const FORGET_MS = 1_000;

export function createGroups(): Groups {
  const groups = new Set<number>();
  return {
    add: (group) => void groups.add(group),
    forgetEnded() {
      for (const group of groups) if (!signal(-group, 0)) groups.delete(group);
    },
    get size() {
      return groups.size;
    },
    killAll() {
      for (const group of groups) signal(-group, 'SIGKILL');
    },
  };
}
