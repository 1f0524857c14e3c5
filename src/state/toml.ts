import { parse, stringify, TomlDate, type TomlTable, type TomlValue } from 'smol-toml';

/**
 * A value that is written again as it was read. JavaScript knows no 1.0 beside 1, and a Date ends at milliseconds; smol-toml prints what a
 * Date says of itself.
 */
class Verbatim extends TomlDate {
  readonly #text: string;

  constructor(text: string) {
    super('1970-01-01');
    this.#text = text;
  }

  override toISOString(): string {
    return this.#text;
  }
}

/** Temporal takes a leap second for the one before it, and refuses what is finer than nanoseconds, where a Date cuts it. */
const BEYOND_TEMPORAL = /:[0-5]\d(:60|:[0-5]\d\.\d{10})/;

/** Reads a document such that `formatToml` changes no value of it. Throws TomlError. */
export function parseToml(text: string): TomlTable {
  return mapTable(parse(text, { integersAsBigInt: true, useLegacyDate: BEYOND_TEMPORAL.test(text) }));
}

/** Writes top-level values before tables, as TOML needs it (D3). */
export function formatToml(document: TomlTable): string {
  return stringify(document);
}

function mapTable(table: TomlTable): TomlTable {
  for (const [key, value] of Object.entries(table)) table[key] = mapValue(value);
  return table;
}

function mapValue(value: TomlValue): TomlValue {
  if (typeof value === 'bigint') return isSafe(value) ? Number(value) : value;
  if (typeof value === 'number') return Number.isInteger(value) ? new Verbatim(formatFloat(value)) : value;
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(mapValue);
  if (isPlainTable(value)) return mapTable(value);
  return new Verbatim(formatTime(value));
}

function isSafe(value: bigint): boolean {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
}

function isPlainTable(value: TomlValue): value is TomlTable {
  return Object.getPrototypeOf(value) === null;
}

function formatFloat(value: number): string {
  return Object.is(value, -0) ? '-0.0' : format(value);
}

/** Temporal writes an offset where `Z` stood. */
function formatTime(value: TomlValue): string {
  return format(value).replace(/\+00:00$/, 'Z');
}

function format(value: TomlValue): string {
  return stringify({ value }, { numbersAsFloat: true }).slice('value = '.length).trimEnd();
}
