import fc from 'fast-check';

export const NAMES = ['lab', 'web'] as const;
export const HOMES = ['a', 'b'] as const;

interface KillPoint {
  readonly at: number;
  readonly when: 'before' | 'after';
}

/** What a user does: with rusta, with Tart, with folders, or to the machine. */
export type Step =
  | { readonly does: 'rusta'; readonly verb: RustaVerb; readonly vm: string; readonly kill: KillPoint | undefined }
  | { readonly does: 'tart'; readonly args: readonly string[] }
  | { readonly does: 'damage' | 'repair' | 'move away' | 'copy away' | 'guest goes off'; readonly vm: string }
  | { readonly does: 'move back' }
  | { readonly does: 'switch'; readonly home: string };

export type RustaVerb =
  | 'create'
  | 'create as bob'
  | 'resume'
  | 'up'
  | 'down'
  | 'down --force'
  | 'delete'
  | 'delete --force-running'
  | 'default';

const vm = fc.constantFrom(...NAMES);
const VERBS: readonly RustaVerb[] = [
  ...(['create', 'create as bob', 'create as bob', 'resume', 'resume', 'up', 'up'] as const),
  ...(['down', 'down --force', 'delete', 'delete --force-running', 'default'] as const),
];
const kill = fc.option(fc.record({ at: fc.integer({ min: 1, max: 9 }), when: fc.constantFrom('before' as const, 'after' as const) }), {
  nil: undefined,
  freq: 3,
});
const rusta = fc.record({ does: fc.constant('rusta' as const), verb: fc.constantFrom(...VERBS), vm, kill });
const tartArgs = fc.oneof(
  vm.map((name) => ['clone', 'ghcr.io/cirruslabs/ubuntu:24.04', name]),
  fc.tuple(vm, vm).map(([from, to]) => ['clone', from, to]),
  { weight: 2, arbitrary: fc.tuple(vm, vm).map(([from, to]) => ['rename', from, to]) },
  vm.map((name) => ['delete', name]),
  vm.map((name) => ['stop', name]),
  vm.map((name) => ['run', name]),
);

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: rusta },
    { weight: 4, arbitrary: tartArgs.map((args) => ({ does: 'tart' as const, args })) },
    {
      weight: 3,
      arbitrary: fc.record({ does: fc.constantFrom('damage', 'repair', 'move away', 'copy away', 'guest goes off'), vm }),
    },
    { weight: 1, arbitrary: fc.constant({ does: 'move back' as const }) },
    { weight: 1, arbitrary: fc.constantFrom(...HOMES).map((home) => ({ does: 'switch' as const, home })) },
  ),
  { minLength: 2, maxLength: 14 },
);
