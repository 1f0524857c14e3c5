import { expect, test } from 'bun:test';
import { refuseSmallerDisk, sizesToSet } from '../../../../src/create/clone/sizes.ts';
import type { Sizes } from '../../../../src/tools/tart/tart.ts';

const HAS: Sizes = { cpus: 4, memoryMb: 4_096, diskGb: 20 };

test.each<[has: Sizes | undefined, wanted: Sizes, toSet: Sizes]>([
  [HAS, {}, {}],
  [HAS, HAS, {}],
  [HAS, { cpus: 2, memoryMb: 4_096 }, { cpus: 2 }],
  [HAS, { diskGb: 30 }, { diskGb: 30 }],
  [HAS, { diskGb: 10 }, {}],
  [undefined, HAS, HAS],
  [{ cpus: undefined }, HAS, HAS],
])('of a VM with %p that shall have %p, %p is set', (has, wanted, toSet) => {
  expect(sizesToSet(has, wanted)).toEqual(toSet);
});

test('a disk that would have to shrink is refused, and one that is not known is not', () => {
  const refuse = (has: number | undefined, wanted: number | undefined) => () =>
    refuseSmallerDisk(has, wanted, { of: "VM 'lab'", command: 'rusta create web --from lab' });
  expect(refuse(20, 10)).toThrow("the disk of VM 'lab' has 20 GB and only grows; 10 GB were asked for");
  for (const [has, wanted] of [
    [20, 20],
    [20, 30],
    [undefined, 10],
    [20, undefined],
  ] as const) {
    expect(refuse(has, wanted)).not.toThrow();
  }
});
