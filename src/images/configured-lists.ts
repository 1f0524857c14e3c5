import type { App } from '../app.ts';
import type { ResultOf } from '../contract/results.ts';
import { RustaError } from '../errors.ts';
import type { State } from '../state/document.ts';
import type { StateEdit } from '../state/store.ts';
import { closest } from '../text/closest.ts';
import { IMAGE_SEEDS } from './image.ts';
import { addItem, effectiveList, moveItem, type OrderedList, removeItem } from './ordered-list.ts';
import { matchSource, SOURCE_SEEDS } from './source.ts';

/** One of the two lists that the user can edit. */
export interface ListKind {
  readonly noun: 'source' | 'image';
  /** The list while nothing is configured. */
  readonly seeds: readonly string[];
  /** Returns the item that a word names: as `list` shows it, or shorter. */
  find(items: readonly string[], wanted: string): string | undefined;
  read(state: State): readonly string[] | undefined;
  write(edit: StateEdit, items: readonly string[]): void;
}

export const SOURCES: ListKind = {
  noun: 'source',
  seeds: SOURCE_SEEDS,
  find: matchSource,
  read: ({ sources }) => sources,
  write: (edit, items) => edit.setSources(items),
};

export const IMAGES: ListKind = {
  noun: 'image',
  seeds: IMAGE_SEEDS,
  find: (items, wanted) => items.find((item) => item === wanted),
  read: ({ images }) => images,
  write: (edit, items) => edit.setImages(items),
};

type ListContext = Pick<App, 'store' | 'out'>;
type ListChange = ResultOf<'source add'>;

export function currentList(app: Pick<App, 'store'>, kind: ListKind): OrderedList {
  return listOf(app.store.read(), kind);
}

/** Appends an item. Changes nothing if it is there already. */
export async function addToList(app: ListContext, kind: ListKind, item: string): Promise<ListChange> {
  let added = false;
  await edit(app, kind, (items) => {
    added = !items.includes(item);
    return addItem(items, item);
  });
  if (added) app.out.ok(`Added ${kind.noun} ${item}`);
  else app.out.skip(`${kind.noun} ${item} already exists`);
  return changeOf(app, kind, item, added);
}

/** Removes an item. Throws RustaError for one that is not configured. */
export async function removeFromList(app: ListContext, kind: ListKind, wanted: string): Promise<ListChange> {
  let item = wanted;
  let emptied = false;
  await edit(app, kind, (items) => {
    item = kind.find(items, wanted) ?? wanted;
    const rest = removeItem(items, item);
    if (rest === undefined) throw notConfigured(kind, items, item);
    emptied = rest.length === 0;
    return rest;
  });
  app.out.ok(`Removed ${kind.noun} ${item}`);
  if (emptied) app.out.note(`No ${kind.noun}s are left, so the built-in default is in effect: ${kind.seeds.join(', ')}`);
  return changeOf(app, kind, item, true);
}

/** Moves an item to a position, which counts from 1 and is clamped. Throws RustaError for one that is not configured. */
export async function moveInList(app: ListContext, kind: ListKind, wanted: string, position: number): Promise<ListChange> {
  let item = wanted;
  let [before, now] = [0, 0];
  await edit(app, kind, (items) => {
    item = kind.find(items, wanted) ?? wanted;
    const moved = moveItem(items, item, position);
    if (moved === undefined) throw notConfigured(kind, items, item);
    before = items.indexOf(item) + 1;
    now = moved.indexOf(item) + 1;
    return moved;
  });
  app.out.ok(`Moved ${kind.noun} ${item} to position ${now}`);
  return changeOf(app, kind, item, now !== before);
}

function changeOf(app: ListContext, kind: ListKind, item: string, changed: boolean): ListChange {
  const { items, builtIn } = currentList(app, kind);
  return { item, changed, items: [...items], built_in: builtIn };
}

/** Changes a list under the lock of the state file. The first change writes the seeds into it too. (spec 4.12) */
async function edit(app: ListContext, kind: ListKind, change: (items: readonly string[]) => readonly string[]): Promise<void> {
  await app.store.update((state) => kind.write(state, change(listOf(state.state, kind).items)));
}

function listOf(state: State, { read, seeds }: ListKind): OrderedList {
  return effectiveList(read(state), seeds);
}

function notConfigured({ noun }: ListKind, items: readonly string[], item: string): RustaError {
  const near = closest(item, items);
  const hint = `${near === undefined ? '' : `Did you mean '${near}'? `}'rusta ${noun} list' shows what is configured.`;
  return new RustaError('not_configured', `${noun} '${item}' is not configured`, { hint });
}
