import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { parseInventory } from '../../src/tools/tart/list.ts';
import { anyWord, check, mutated, orRefused } from './fuzz.ts';

const odd = fc.oneof(
  anyWord,
  fc.constantFrom(null, true, 0, -1, Number.POSITIVE_INFINITY, [], {}, ['running'], { name: 'x' }),
  fc.double(),
);
const good = {
  Source: fc.constantFrom('local', 'OCI'),
  Name: fc.constantFrom('lab', 'ubuntu-2404', 'ghcr.io/cirruslabs/ubuntu:24.04', '__proto__', 'constructor'),
  State: fc.constantFrom('running', 'stopped', 'suspended'),
  Running: fc.boolean(),
  Disk: fc.nat(500),
  Size: fc.nat(500),
  Accessed: fc.constant('2026-02-23T17:55:36Z'),
};
const goodRow = fc.record(good);
const oddRow = fc.record(
  Object.fromEntries(
    Object.entries(good).map(([key, value]) => [key, fc.oneof({ weight: 4, arbitrary: value as fc.Arbitrary<unknown> }, odd)]),
  ),
  {
    requiredKeys: [],
  },
);
const special = fc.constantFrom(
  '{"__proto__": {"Source": "local", "Name": "x", "State": "running"}}',
  '{"constructor": 1, "Source": "local"}',
  '[[]]',
  'null',
);
const row = fc.oneof(
  { weight: 5, arbitrary: oddRow.map((value) => JSON.stringify(value)) },
  special,
  anyWord.map((word) => JSON.stringify(word)),
);
const rows = fc.array(row, { maxLength: 5 }).map((parts) => `[\n${parts.join(',\n')}\n]\n`);
const text = fc.oneof(
  { weight: 3, arbitrary: rows },
  mutated(rows, fc.oneof(fc.constantFrom('"', '{', '}', '[', ']', ',', ':', '\\u', '\0'), anyWord)),
  fc.json(),
);

test('rows as Tart prints them come through, in their order and with their states', () => {
  check('tart list: correct', fc.array(goodRow, { maxLength: 6 }), (list) => {
    const { vms, images } = parseInventory(JSON.stringify(list).replaceAll('/', '\\/'));
    const local = list.filter(({ Source }) => Source === 'local');
    expect(vms.map(({ name, status }) => [name, String(status)])).toEqual(local.map(({ Name, State }) => [Name, State]));
    expect(images).toHaveLength(list.length - local.length);
  });
});

test('any text is refused, or gives VMs and images all of whose fields are what they should be', () => {
  let read = 0;
  check('tart list: anything', text, (json) => {
    const inventory = orRefused(() => parseInventory(json));
    if (inventory === undefined) return;
    read += 1;
    for (const { name, status } of inventory.vms) {
      expect(typeof name).toBe('string');
      expect(['running', 'stopped', 'suspended']).toContain(status);
    }
    for (const { name, diskGb } of inventory.images) expect([typeof name, typeof diskGb]).toEqual(['string', 'number']);
    // Nobody is left out who might be running, and nobody is made up.
    const parsed: unknown[] = JSON.parse(json);
    const local = parsed.filter(
      (value) => typeof value === 'object' && value !== null && Object.hasOwn(value, 'Source') && Reflect.get(value, 'Source') === 'local',
    );
    expect(inventory.vms).toHaveLength(local.length);
  });
  expect(read).toBeGreaterThan(500);
});
