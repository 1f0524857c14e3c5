import type { TomlTable } from 'smol-toml';
import { RustaError } from '../errors.ts';
import { type Complain, isTable, own } from './sources-and-images.ts';

interface Kinds {
  readonly string: string;
  readonly boolean: boolean;
  readonly number: number;
}

/** Reads the values of a table. Its errors name the file, and the key with the path of the table. */
export interface TableReader {
  /** Returns the value at a key; undefined if there is none. Throws RustaError for one of another kind. */
  value<K extends keyof Kinds>(key: string, kind: K): Kinds[K] | undefined;
  /** Returns the list of strings at a key; undefined if there is none. Throws RustaError for a value of another kind. */
  words(key: string): string[] | undefined;
  /** Returns the error for the value at a key; `reason` completes `<key> …`. */
  invalid(key: string, reason: string): RustaError;
}

/** Makes a reader of the table at a path such as `vms.lab`, which is empty for that of the whole file. */
export function tableReader(table: TomlTable, path: string, file: string): TableReader {
  const refuse = (key: string, reason: string) => invalid(file, `${path ? `${path}.` : ''}${key} ${reason}`);
  return {
    value(key, kind) {
      const value = own(table, key);
      if (value === undefined || isKind(value, kind)) return value;
      throw refuse(key, `is not a ${kind}`);
    },
    words(key) {
      const value = own(table, key);
      if (value === undefined) return undefined;
      if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) throw refuse(key, 'is not a list of words');
      return value;
    },
    invalid: refuse,
  };
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
