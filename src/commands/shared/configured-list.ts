import { addToList, currentList, type ListKind, moveInList, removeFromList } from '../../images/list-edit.ts';
import type { Lookup } from './args.ts';
import { command } from './command.ts';
import { wholeNumber } from './kinds.ts';

/** What tells `source` from `image`; all else is the same (spec 4.12, 4.13). */
interface Options {
  readonly kind: ListKind;
  readonly item: {
    readonly valueHint: string;
    /** One spelling of an item. Throws RustaError for what cannot be one. */
    readonly parse: (text: string) => string;
    readonly description: string;
  };
  readonly completes: Lookup;
  readonly sample: string;
  /** Stands behind the first one in the list. */
  readonly firstMark?: string;
}

const position = {
  type: 'positional',
  required: true,
  ...wholeNumber({ min: 0, max: 1_000_000 }),
  description: 'Position, 1 is the first; beyond the end means last',
} as const;

/** The commands on one of the two lists that the user has. */
export function configuredList({ kind, item, completes, sample, firstMark }: Options) {
  const { noun } = kind;
  const newItem = { type: 'positional', required: true, ...item } as const;
  const oldItem = { ...newItem, completes } as const;
  const shared = { requires: 'none', stdout: 'report' } as const;
  return {
    list: command({
      ...shared,
      stdout: 'result',
      args: {},
      examples: [
        [`rusta ${noun}`, `the ${noun}s, first in priority first`],
        [`rusta ${noun} list`, 'the same'],
      ],
      async run({ data: app }) {
        const { items, builtIn } = currentList(app, kind);
        for (const [index, name] of items.entries()) app.out.data(index === 0 && firstMark ? `${name} ${firstMark}` : name);
        if (builtIn) app.out.notice(`(built-in default, none is configured: 'rusta ${noun} add' adds to it)`);
      },
    }),
    add: command({
      ...shared,
      args: { item: newItem },
      examples: [
        [`rusta ${noun} add ${sample}`, 'last in priority'],
        [`rusta ${noun} move ${sample} 1`, 'make it the first'],
      ],
      run: ({ args, data: app }) => addToList(app, kind, args.item),
    }),
    rm: command({
      ...shared,
      args: { item: oldItem },
      details: 'Removing the last one brings the built-in default back. Exit code 2 if it is not configured.',
      examples: [
        [`rusta ${noun} rm ${sample}`, 'remove it'],
        [`rusta ${noun} list`, 'see what is left'],
      ],
      run: ({ args, data: app }) => removeFromList(app, kind, args.item),
    }),
    move: command({
      ...shared,
      args: { item: oldItem, pos: position },
      examples: [
        [`rusta ${noun} move ${sample} 1`, 'make it the first'],
        [`rusta ${noun} move ${sample} 99`, 'make it the last'],
      ],
      run: ({ args, data: app }) => moveInList(app, kind, args.item, args.pos),
    }),
  };
}
