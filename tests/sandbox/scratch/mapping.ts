import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Keeps a scratch guest inside its folder: absolute paths of the guest become paths under it, in words and in scripts.
 * Only /dev and /proc (but /proc/sys) stay what they are. Mapping twice does no harm.
 */
export interface Mapping {
  /** the guest's `/` on the host */
  readonly root: string;
  /** where its programs lie, which all guests share */
  readonly tools: string;
}

const TOPS = 'tmp|var|etc|home|root|run|srv|opt|mnt|media|usr|bin|sbin|lib|lib64|boot|snap|sys|proc/sys';

/** A program, or the beginning of any other path; not in the middle of a path (`$dir/tmp`, `~/tmp`, `./tmp`) or of a URL. */
const absolute = new RegExp(`(?<![\\w.$}~)*?/-])(?:/(?:usr/)?s?bin/([\\w.+[-]+)|/(?:${TOPS})(?![\\w.-]))`, 'g');

export function mapText(text: string, { root, tools }: Mapping): string {
  const mapped = text.replace(absolute, (path: string, program: string | undefined, at: number) => {
    if (isWithin(root, text, at) || isWithin(tools, text, at) || followsClosingQuote(text, at)) return path;
    if (program !== undefined && existsSync(join(tools, program))) return join(tools, program);
    return `${root}${path}`;
  });
  return mapped.replace(/\bcd \/(?=[\s;&|)]|$)/g, `cd ${root}`);
}

const isWithin = (folder: string, text: string, at: number) =>
  text.startsWith(folder, at) && !/[\w.-]/.test(text[at + folder.length] ?? '');

/** `"$dir"/tmp`: the quote before the slash ends a word instead of beginning one. */
function followsClosingQuote(text: string, at: number): boolean {
  const before = text[at - 1];
  if (before !== '"' && before !== "'") return false;
  const outer = text[at - 2];
  return outer !== undefined && !/[\s=(<>:,;[{|&!"']/.test(outer);
}

/** An argument: a path, or `name=path`; other words are somebody's text. */
export const mapWord = (word: string, mapping: Mapping): string => (/^([\w-]+=)?\//.test(word) ? mapText(word, mapping) : word);
