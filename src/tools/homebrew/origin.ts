import { dirname, join } from 'node:path';
import { readSmall } from '../../system/files/files.ts';
import { canonicalPath } from '../../system/files/folders.ts';

type Environment = Readonly<Record<string, string>>;

const MAX_BYTES = 1024 * 1024;

/**
 * Returns the tap from which Homebrew installed a program, such as `openai/tools`; undefined for other programs. Reads the receipt beside
 * the program, which is at once; `brew info` takes a second.
 */
export function tapOfProgram(path: string): string | undefined {
  const keg = dirname(dirname(canonicalPath(path)));
  return textAt(readJson(join(keg, 'INSTALL_RECEIPT.json')), 'source', 'tap');
}

/**
 * Returns the full names of taps and formulas that the user has trusted by `brew trust`. Homebrew keeps them in the user's folder, and
 * looks there at every install.
 */
export function trustedByHomebrew(env: Environment): readonly string[] {
  const folder = env['XDG_CONFIG_HOME'] ? join(env['XDG_CONFIG_HOME'], 'homebrew') : join(env['HOME'] ?? '', '.homebrew');
  const store = readJson(join(folder, 'trust.json'));
  if (typeof store !== 'object' || store === null) return [];
  return Object.values(store).flatMap((entries: unknown) =>
    Array.isArray(entries) ? entries.map((entry) => String(entry).toLowerCase()) : [],
  );
}

/** Reads a JSON file; returns undefined if it is missing or holds no JSON, which both mean nothing. */
function readJson(path: string): unknown {
  const text = readSmall(path, MAX_BYTES);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = Reflect.get(current, key);
  }
  return typeof current === 'string' ? current : undefined;
}
