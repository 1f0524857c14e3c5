import type { Facts } from './facts.ts';

/** First versions with which programs can talk to guests. (docs/tart.md, sections 1 and 6) */
export const FIRST_WITH_AGENTS = { macos: '14', tart: '2.28.3' } as const;

export function isTooOldForAgents({ host, tart }: Facts): boolean {
  return isOlder(host.macos ?? '', FIRST_WITH_AGENTS.macos) || isOlder(tart.version ?? '', FIRST_WITH_AGENTS.tart);
}

/** Tells whether a version of numbers with dots comes before another. Missing numbers count as 0; a word such as `SNAPSHOT` comes before none. */
export function isOlder(version: string, other: string): boolean {
  if (!/^\d+(\.\d+)*/.test(version)) return false;
  const [own, others] = [version, other].map((text) => text.split('.').map((part) => Number.parseInt(part, 10) || 0));
  for (let at = 0; at < Math.max(own?.length ?? 0, others?.length ?? 0); at += 1) {
    const difference = (own?.[at] ?? 0) - (others?.[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
