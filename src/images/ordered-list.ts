/** What both lists of the user, sources and images, have in common: order is priority (spec 4.12, 4.13). Pure. */
export interface OrderedList {
  readonly items: readonly string[];
  /** Nothing is configured: these are the seeds. */
  readonly builtIn: boolean;
}

/** Absent and empty mean the seeds: rusta is never without. */
export function effectiveList(configured: readonly string[] | undefined, seeds: readonly string[]): OrderedList {
  const items = [...new Set(configured ?? [])];
  return items.length === 0 ? { items: seeds, builtIn: true } : { items, builtIn: false };
}

/** With the item at the end; the same list if it is there already. */
export function addItem(items: readonly string[], item: string): readonly string[] {
  return items.includes(item) ? items : [...items, item];
}

/** Without the item; undefined if it is not there. */
export function removeItem(items: readonly string[], item: string): readonly string[] | undefined {
  return items.includes(item) ? items.filter((other) => other !== item) : undefined;
}

/** With the item at a position that counts from 1 and is clamped to the list; undefined if it is not there. */
export function moveItem(items: readonly string[], item: string, position: number): readonly string[] | undefined {
  const others = removeItem(items, item);
  if (others === undefined) return undefined;
  const index = Math.min(Math.max(position, 1), items.length) - 1;
  return [...others.slice(0, index), item, ...others.slice(index)];
}
