import { addToList, currentList, type ListKind, moveInList, removeFromList } from '../../images/list-edit.ts';
import { type AnyLeaf, command } from './leaf.ts';

/** What tells `source` from `image`; all else is the same (spec 4.12, 4.13). */
export interface ListActions {
  readonly kind: ListKind;
  readonly argument: { readonly name: string; readonly description: string; readonly sample: string };
  /** One spelling of an item. Throws RustaError for what cannot be one. */
  readonly normalize: (text: string) => string;
  /** Marks the first one in the list. */
  readonly markFirst: string | undefined;
}

export interface ListLeaves {
  readonly list: AnyLeaf;
  readonly add: AnyLeaf;
  readonly rm: AnyLeaf;
  readonly move: AnyLeaf;
}

const MAX_POSITION = 1_000_000;

export function listActions({ kind, argument, normalize, markFirst }: ListActions): ListLeaves {
  const { noun } = kind;
  const item = { type: 'positional', required: true, description: argument.description } as const;
  const shared = { needs: 'none' } as const;
  return {
    list: command({
      ...shared,
      name: `${noun} list`,
      summary: `List the ${noun}s in order of priority`,
      args: {},
      output: 'data',
      examples: [
        [`rusta ${noun}`, `the ${noun}s, first in priority first`],
        [`rusta ${noun} list`, 'the same'],
      ],
      async run(app) {
        const { items, builtIn } = currentList(app, kind);
        for (const [index, name] of items.entries()) app.out.data(index === 0 && markFirst ? `${name} ${markFirst}` : name);
        if (builtIn) app.out.notice(`(built-in default, none is configured: 'rusta ${noun} add' adds to it)`);
        return undefined;
      },
    }),
    add: command({
      ...shared,
      name: `${noun} add`,
      summary: `Add one to the end of the ${noun}s`,
      args: { [argument.name]: item },
      output: 'lifecycle',
      examples: [
        [`rusta ${noun} add ${argument.sample}`, 'last in priority'],
        [`rusta ${noun} move ${argument.sample} 1`, 'make it the first'],
      ],
      check: (args) => void normalize(args[argument.name] ?? ''),
      async run(app, args) {
        await addToList(app, kind, normalize(args[argument.name] ?? ''));
        return undefined;
      },
    }),
    rm: command({
      ...shared,
      name: `${noun} rm`,
      summary: `Remove one of the ${noun}s`,
      description: `Removing the last one brings the built-in default back. Exit code 2 if it is not configured.`,
      args: { [argument.name]: item },
      output: 'lifecycle',
      examples: [
        [`rusta ${noun} rm ${argument.sample}`, 'remove it'],
        [`rusta ${noun} list`, 'see what is left'],
      ],
      check: (args) => void normalize(args[argument.name] ?? ''),
      async run(app, args) {
        await removeFromList(app, kind, normalize(args[argument.name] ?? ''));
        return undefined;
      },
    }),
    move: command({
      ...shared,
      name: `${noun} move`,
      summary: `Change the priority of one of the ${noun}s`,
      args: {
        [argument.name]: item,
        pos: {
          type: 'positional',
          required: true,
          integer: { min: 0, max: MAX_POSITION },
          description: 'Position, 1 is the first; beyond the end means last',
        },
      },
      output: 'lifecycle',
      examples: [
        [`rusta ${noun} move ${argument.sample} 1`, 'make it the first'],
        [`rusta ${noun} move ${argument.sample} 99`, 'make it the last'],
      ],
      check: (args) => void normalize(args[argument.name] ?? ''),
      async run(app, args) {
        await moveInList(app, kind, normalize(args[argument.name] ?? ''), Number(args['pos']));
        return undefined;
      },
    }),
  };
}
