import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { stringify, type TomlTable } from 'smol-toml';
import { parseDocument } from '../../src/state/document.ts';
import { createPaths } from '../../src/state/paths.ts';
import type { VmRecord } from '../../src/state/record.ts';
import { createStore } from '../../src/state/store.ts';
import { systemClock } from '../../src/system/clock.ts';
import { checkAsync } from './fuzz.ts';
import { stateTable, stranger } from './state-arbitrary.ts';

/** Each writes files: fewer than of the pure ones. */
const RUNS = 1_500;

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'rusta-fuzz-'));
});
afterAll(() => rmSync(home, { recursive: true }));

const vmName = fc.constantFrom('lab', 'ubuntu-2404', 'constructor', 'a.b', 'toString', 'x'.repeat(64));
const registry = fc.constantFrom('ghcr.io/cirruslabs', 'ghcr.io/a/b', 'ghcr.io/new');
const change = fc.record(
  {
    gui: fc.boolean(),
    user: fc.constantFrom('dev', undefined),
    setup: fc.constantFrom('booting' as const, undefined),
    cpus: fc.integer({ min: 1, max: 9 }),
  },
  { requiredKeys: [] },
);
type Edit =
  | { readonly kind: 'default'; readonly vm: string | undefined }
  | { readonly kind: 'vm'; readonly vm: string; readonly record: VmRecord }
  | { readonly kind: 'remove'; readonly vm: string }
  | { readonly kind: 'sources' | 'images'; readonly items: string[] };
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant('default' as const), vm: fc.option(vmName, { nil: undefined }) }),
  fc.record({ kind: fc.constant('vm' as const), vm: vmName, record: change }),
  fc.record({ kind: fc.constant('remove' as const), vm: vmName }),
  fc.record({ kind: fc.constant('sources' as const), items: fc.uniqueArray(registry, { maxLength: 3 }) }),
  fc.record({ kind: fc.constant('images' as const), items: fc.uniqueArray(fc.constantFrom('ubuntu', 'new'), { maxLength: 2 }) }),
);

test('an update changes what it should, and nothing else', async () => {
  const paths = createPaths({ HOME: home });
  const store = createStore(paths, systemClock);
  mkdirSync(dirname(paths.state), { recursive: true });
  await checkAsync(
    'edits of state files',
    fc.tuple(stateTable, edit, fc.constantFrom('later', '__proto__', 'vms2'), stranger),
    async ([table, asked, key, value]) => {
      const text = stringify({ ...table, [key]: value } as TomlTable);
      writeFileSync(paths.state, text);
      const before = parseDocument(text, paths.state);
      await store.update((state) => {
        if (asked.kind === 'default') state.setDefault(asked.vm);
        else if (asked.kind === 'vm') state.setVm(asked.vm, asked.record);
        else if (asked.kind === 'remove') state.removeVm(asked.vm);
        else if (asked.kind === 'sources') state.setSources(asked.items);
        else state.setImages(asked.items);
      });
      const after = parseDocument(readFileSync(paths.state, 'utf8'), paths.state);
      if (asked.kind === 'vm') dropMark(after, asked.vm);
      expect<unknown>(after).toEqual(expected(before, asked));
    },
    RUNS,
  );
});

/** A VM that is yet to be made gets the time of its record (D28). */
function dropMark({ vms }: TomlTable, vm: string): void {
  const record = (vms as Record<string, TomlTable> | undefined)?.[vm];
  if (record?.['setup'] !== 'cloning') return;
  expect(record['mark']).toMatch(/^0 \d+$/);
  delete record['mark'];
}

/** The model: the document as it was, with the change in it. */
function expected(before: TomlTable, asked: Edit): unknown {
  const { default_vm, vms = {}, sources, images, ...others } = structuredClone(before) as Record<string, never>;
  const top: Record<string, unknown> = { default_vm, vms, sources, images };
  const entries = new Map(Object.entries(vms as Record<string, Record<string, unknown>>));
  if (asked.kind === 'default') top['default_vm'] = asked.vm;
  if (asked.kind === 'remove') entries.delete(asked.vm);
  if (asked.kind === 'vm') {
    const merged = Object.entries({ ...entries.get(asked.vm), ...asked.record }).filter(([, value]) => value !== undefined);
    entries.set(asked.vm, Object.fromEntries(merged));
    if (merged.length === 0) entries.delete(asked.vm);
  }
  if (asked.kind === 'images') top['images'] = asked.items.length === 0 ? undefined : asked.items;
  if (asked.kind === 'sources') {
    const known = new Map((sources as unknown as { registry: string }[] | undefined)?.map((source) => [source.registry, source]));
    const items = asked.items.map((item) => known.get(item) ?? { registry: item });
    top['sources'] = items.length === 0 ? undefined : items;
  }
  const untouched = asked.kind !== 'vm' && asked.kind !== 'remove';
  top['vms'] = untouched ? before['vms'] : entries.size === 0 ? undefined : Object.fromEntries(entries);
  return { ...others, ...Object.fromEntries(Object.entries(top).filter(([, value]) => value !== undefined)) };
}
