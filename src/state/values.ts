import type { TomlTable } from 'smol-toml';
import { RustaError } from '../errors.ts';
import { type Complain, isTable, own } from './sources-and-images.ts';

interface Kinds {
  readonly string: string;
  readonly boolean: boolean;
  readonly number: number;
}

export function typed<K extends keyof Kinds>(table: TomlTable, key: string, kind: K, path: string, file: string): Kinds[K] | undefined {
  const value = own(table, key);
  if (value === undefined) return undefined;
  if (!isKind(value, kind)) throw invalid(file, `${path ? `${path}.` : ''}${key} is not a ${kind}`);
  return value;
}

/** Returns the list of strings at a key. Throws RustaError for a value of another kind. */
export function words(table: TomlTable, key: string, path: string, file: string): string[] | undefined {
  const value = own(table, key);
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw invalid(file, `${path}.${key} is not a list of words`);
  return value;
}

function isKind<K extends keyof Kinds>(value: unknown, kind: K): value is Kinds[K] {
  return typeof value === kind;
}

export function tableAt(parent: TomlTable, key: string, file: string): TomlTable | undefined {
  const value = own(parent, key);
  if (value === undefined) return undefined;
  if (!isTable(value)) throw invalid(file, `'${key}' is not a table`);
  return value;
}

export function invalid(file: string, reason: string): RustaError {
  return new RustaError('state_invalid', `${file} is not valid: ${reason}`, {
    hint: 'Nothing was changed. Correct the file, or move it away to start afresh.',
  });
}

/** Returns the complaint of the lists, which do not know the file. */
export function complainAbout(file: string): Complain {
  return (reason) => invalid(file, reason);
}
