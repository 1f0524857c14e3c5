/** A list of sources or images in order of priority. (spec 4.12, 4.13) Everything here is pure. */
export interface OrderedList {
  readonly items: readonly string[];
  /** True while nothing is configured and the items are the seeds. */
  readonly builtIn: boolean;
}

/** Returns the configured items, or the seeds where there are none: rusta always has a source and an image. */
export function effectiveList(configured: readonly string[] | undefined, seeds: readonly string[]): OrderedList {
  const items = [...new Set(configured ?? [])];
  return items.length === 0 ? { items: seeds, builtIn: true } : { items, builtIn: false };
}

/** Returns the list with the item at its end, or the same list if it is already there. */
export function addItem(items: readonly string[], item: string): readonly string[] {
  return items.includes(item) ? items : [...items, item];
}

/** Returns the list without the item, or undefined if it is not there. */
export function removeItem(items: readonly string[], item: string): readonly string[] | undefined {
  return items.includes(item) ? items.filter((other) => other !== item) : undefined;
}

/** Returns the list with the item moved to a position (from 1, clamped), or undefined if it is not there. */
export function moveItem(items: readonly string[], item: string, position: number): readonly string[] | undefined {
  const others = removeItem(items, item);
  if (others === undefined) return undefined;
  const index = Math.min(Math.max(position, 1), items.length) - 1;
  return [...others.slice(0, index), item, ...others.slice(index)];
}
