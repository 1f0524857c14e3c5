import type { TomlTable, TomlValue } from 'smol-toml';

/** Says what is wrong with a document; the caller names the file. */
export type Complain = (reason: string) => Error;

/** Returns the registries of `[[sources]]` in order; undefined if none is configured. */
export function readSources(document: TomlTable, complain: Complain): readonly string[] | undefined {
  return sourceTables(document, complain)?.map((table) => {
    const registry = own(table, 'registry');
    if (typeof registry !== 'string') throw complain("an entry of [[sources]] has no 'registry'");
    return registry;
  });
}

/** Writes the registries in order. Their entries keep unknown keys. An empty list removes the key. */
export function writeSources(document: TomlTable, registries: readonly string[], complain: Complain): void {
  hoistImages(document, complain);
  const known = new Map(sourceTables(document, complain)?.map((table) => [own(table, 'registry'), table]));
  const tables = registries.map((registry) => known.get(registry) ?? newEntry(registry));
  if (tables.length === 0) delete document['sources'];
  else document['sources'] = tables;
}

/**
 * Returns the image names; undefined if none is configured. The spec's sample has the list below `[[sources]]`, where TOML makes it a key
 * of the last source: it is read as it was meant (D3).
 */
export function readImages(document: TomlTable, complain: Complain): readonly string[] | undefined {
  const last = sourceTables(document, complain)?.at(-1);
  const value = own(document, 'images') ?? (last && own(last, 'images'));
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) throw complain("'images' is not a list of names");
  return value;
}

/** Writes the list where TOML reads it as it is meant. An empty one removes the key. */
export function writeImages(document: TomlTable, images: readonly string[], complain: Complain): void {
  hoistImages(document, complain);
  if (images.length === 0) delete document['images'];
  else document['images'] = [...images];
}

function hoistImages(document: TomlTable, complain: Complain): void {
  const images = readImages(document, complain);
  const last = sourceTables(document, complain)?.at(-1);
  if (last !== undefined) delete last['images'];
  if (images !== undefined) document['images'] = [...images];
}

function sourceTables(document: TomlTable, complain: Complain): TomlTable[] | undefined {
  const value = own(document, 'sources');
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every(isTable)) throw complain("'sources' is not a list of tables");
  return value;
}

function newEntry(registry: string): TomlTable {
  const entry: TomlTable = Object.create(null);
  entry['registry'] = registry;
  return entry;
}

/** Returns the value of a key that the table itself has: `constructor` is inherited. */
export function own(table: TomlTable, key: string): TomlValue | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

export function isTable(value: TomlValue): value is TomlTable {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
}
