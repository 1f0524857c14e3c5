import { parse, stringify, TomlDate, type TomlTable, type TomlValue } from 'smol-toml';

/**
 * A value that is written exactly as it was read: JavaScript does not tell 1.0 from 1, and a Date ends at milliseconds. smol-toml writes
 * what `toISOString` returns.
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

/**
 * Times that Temporal does not keep: it takes a leap second for the second before, and refuses more digits than nanoseconds have. A Date
 * cuts them off.
 */
const BEYOND_TEMPORAL = /:[0-5]\d(:60|:[0-5]\d\.\d{10})/;

/** Reads a document such that `formatToml` changes no value of it. Throws TomlError. */
export function parseToml(text: string): TomlTable {
  return mapTable(parse(text, { integersAsBigInt: true, useLegacyDate: BEYOND_TEMPORAL.test(text) }));
}

/** Formats a document with top-level values before tables, as TOML requires (D3). */
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

/** Restores the `Z` for which Temporal writes an offset. */
function formatTime(value: TomlValue): string {
  return format(value).replace(/\+00:00$/, 'Z');
}

function format(value: TomlValue): string {
  return stringify({ value }, { numbersAsFloat: true }).slice('value = '.length).trimEnd();
}
