import { addToList, currentList, type ListKind, moveInList, removeFromList } from '../../images/configured-lists.ts';
import type { Lookup } from './args.ts';
import { command } from './command.ts';
import { wholeNumber } from './kinds.ts';

/** The differences between `source` and `image`. (spec 4.12, 4.13) */
interface Options {
  readonly kind: ListKind;
  readonly item: {
    readonly valueHint: string;
    /** Gives an item its one spelling. Throws RustaError for a text that cannot be one. */
    readonly parse: (text: string) => string;
    readonly description: string;
  };
  readonly completes: Lookup;
  readonly sample: string;
  /** Stands behind the first one in the list. */
  readonly firstMark?: string;
}

/** Makes the commands on one of the two lists that the user can edit. */
export function listCommands(options: Options) {
  return { list: list(options), add: add(options), rm: rm(options), move: move(options) };
}

function list({ kind, firstMark }: Options) {
  const { noun } = kind;
  return command({
    args: {},
    examples: [
      [`rusta ${noun}`, `the ${noun}s, first in priority first`],
      [`rusta ${noun} list`, 'the same'],
    ],
    requires: 'none',
    stdout: 'result',
    async run({ data: app }) {
      const { items, builtIn } = currentList(app, kind);
      for (const [index, item] of items.entries()) app.out.data(index === 0 && firstMark ? `${item} ${firstMark}` : item);
      if (builtIn) app.out.note(`(built-in default, none is configured: 'rusta ${noun} add' adds to it)`);
      app.out.result({ items: [...items], built_in: builtIn });
    },
  });
}

/** Takes any text: one that cannot be an item is not configured, which ends with exit code 2 as for any other. */
const asShown = { parse: (text: string) => text };

function add({ kind, item, sample }: Options) {
  return command({
    args: { item: { type: 'positional', required: true, ...item } },
    examples: [
      [`rusta ${kind.noun} add ${sample}`, 'last in priority'],
      [`rusta ${kind.noun} move ${sample} 1`, 'make it the first'],
    ],
    requires: 'none',
    stdout: 'report',
    run: async ({ args, data: app }) => app.out.result(await addToList(app, kind, args.item)),
  });
}

function rm({ kind, item, completes, sample }: Options) {
  return command({
    args: { item: { type: 'positional', required: true, ...item, ...asShown, completes } },
    details: 'Removing the last one brings the built-in default back. Exit code 2 if it is not configured.',
    examples: [
      [`rusta ${kind.noun} rm ${sample}`, 'remove it'],
      [`rusta ${kind.noun} list`, 'see what is left'],
    ],
    requires: 'none',
    stdout: 'report',
    run: async ({ args, data: app }) => app.out.result(await removeFromList(app, kind, args.item)),
  });
}

function move({ kind, item, completes, sample }: Options) {
  return command({
    args: {
      item: { type: 'positional', required: true, ...item, ...asShown, completes },
      pos: {
        type: 'positional',
        required: true,
        ...wholeNumber({ min: 0, max: 1_000_000 }),
        description: 'Position, 1 is the first; beyond the end means last',
      },
    },
    examples: [
      [`rusta ${kind.noun} move ${sample} 1`, 'make it the first'],
      [`rusta ${kind.noun} move ${sample} 99`, 'make it the last'],
    ],
    requires: 'none',
    stdout: 'report',
    run: async ({ args, data: app }) => app.out.result(await moveInList(app, kind, args.item, args.pos)),
  });
}
