import { TomlError, type TomlTable } from 'smol-toml';
import { isComponent, isSource } from './grammar.ts';
import { recordsIn, type VmRecords } from './record.ts';
import { readImages, readSources } from './sources-and-images.ts';
import { formatToml, parseToml } from './toml.ts';
import { complainAbout, invalid, tableAt, tableReader } from './values.ts';

export interface State {
  readonly defaultVm: string | undefined;
  readonly vms: VmRecords;
  /** Registry prefixes in order of priority; undefined where none is configured (spec 4.12). */
  readonly sources: readonly string[] | undefined;
  /** Image names in order of priority; undefined where none is configured (spec 4.13). */
  readonly images: readonly string[] | undefined;
}

/** state.toml as it stands, with the keys that this version does not know. */
export type Document = TomlTable;

/** Parses state.toml and keeps unknown keys. Throws RustaError naming the file and the line. */
export function parseDocument(text: string, file: string): Document {
  try {
    return parseToml(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split('\n')[0] ?? '';
    throw invalid(file, `line ${error.line}: ${reason.replace(/^Invalid TOML document: /, '')}`);
  }
}

/** Formats a document without changing a value, top-level values before tables (D3). */
export function formatDocument(document: Document): string {
  return formatToml(document);
}

/** Decodes a document. Throws RustaError naming the file and the key for values of the wrong kind. */
export function decode(document: Document, file: string): State {
  const complain = complainAbout(file);
  return {
    defaultVm: tableReader(document, '', file).value('default_vm', 'string'),
    vms: recordsIn(tableAt(document, 'vms', file) ?? {}, file),
    sources: checkEach(readSources(document, complain), isSource, 'a source', file),
    images: checkEach(readImages(document, complain), isComponent, 'an image name', file),
  };
}

/** Returns the table at `key`, and makes it if it is absent. */
export function openTable(parent: TomlTable, key: string, file: string): TomlTable {
  const existing = tableAt(parent, key, file);
  if (existing) return existing;
  const created: TomlTable = Object.create(null);
  parent[key] = created;
  return created;
}

function checkEach(
  items: readonly string[] | undefined,
  isRight: (item: string) => boolean,
  what: string,
  file: string,
): readonly string[] | undefined {
  const odd = items?.find((item) => !isRight(item));
  if (odd !== undefined) throw invalid(file, `'${odd}' is not ${what}`);
  return items;
}
