import { chmodSync, copyFileSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Exit, err, out } from '../../standin/io.ts';
import type { Program } from '../../standin/programs.ts';
import { guestPlace } from '../environment.ts';
import { mapWord } from '../mapping.ts';

/** Programs of the guest that behave otherwise on a Mac: there `mktemp` ignores TMPDIR, and `install -D` takes a value. */

interface Options {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
}

/** Short options as GNU takes them: together, before or behind the words; those of `withValue` take the rest of the word, or the next one. */
function parse(args: readonly string[], withValue: string): Options {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const rest: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (word === '--') return { flags, values, rest: [...rest, ...args.slice(at + 1)] };
    if (word.startsWith('--')) {
      err(`unrecognized option '${word}': the stand-in has none that are spelled out`);
      throw new Exit(1);
    }
    if (!/^-./.test(word)) {
      rest.push(word);
      continue;
    }
    for (let letter = 1; letter < word.length; letter++) {
      const name = word[letter] ?? '';
      if (!withValue.includes(name)) flags.add(name);
      else {
        values.set(name, word.slice(letter + 1) || (args[++at] ?? ''));
        break;
      }
    }
  }
  return { flags, values, rest };
}

export const mktemp: Program = ({ args }) => {
  const { flags, values, rest } = parse(args, 'p');
  const [template = 'tmp.XXXXXXXXXX'] = rest;
  const place = guestPlace();
  const isInTemporaryFolder = rest.length === 0 || flags.has('t') || values.has('p');
  const folder = values.get('p') ?? process.env['TMPDIR'] ?? join(place.root, 'tmp');
  const pattern = isInTemporaryFolder ? join(mapWord(folder, place), template) : mapWord(template, place);
  const places = /X{3,}$/.exec(pattern)?.[0].length;
  if (places === undefined) {
    err(`mktemp: too few X's in template '${template}'`);
    return 1;
  }
  const path = pattern.slice(0, -places) + crypto.randomUUID().replaceAll('-', '').slice(0, places);
  try {
    if (flags.has('d')) mkdirSync(path, { mode: 0o700 });
    else writeFileSync(path, '', { mode: 0o600, flag: 'wx' });
  } catch {
    err(`mktemp: failed to create ${flags.has('d') ? 'directory' : 'file'} via template '${template}': No such file or directory`);
    return 1;
  }
  if (flags.has('u')) rmSync(path, { recursive: true });
  out(path);
  return 0;
};

/** `install` without the owner, which takes root. */
export const install: Program = ({ args }) => {
  const { flags, values, rest } = parse(args, 'gmot');
  const place = guestPlace();
  const mode = Number.parseInt(values.get('m') ?? '755', 8);
  const words = rest.map((word) => mapWord(word, place));
  const into = values.get('t');
  const destination = into === undefined ? (words.at(-1) ?? '') : mapWord(into, place);
  const put = (path: string, write: () => void) => {
    write();
    chmodSync(path, mode);
  };
  try {
    if (flags.has('d')) {
      for (const folder of words) put(folder, () => mkdirSync(folder, { recursive: true }));
      return 0;
    }
    if (flags.has('D')) mkdirSync(into === undefined ? dirname(destination) : destination, { recursive: true });
    const isFolder = into !== undefined || statSync(destination, { throwIfNoEntry: false })?.isDirectory() === true;
    for (const source of into === undefined ? words.slice(0, -1) : words) {
      const path = isFolder ? join(destination, basename(source)) : destination;
      put(path, () => copyFileSync(source, path));
    }
    return 0;
  } catch (error) {
    err(`install: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
};
