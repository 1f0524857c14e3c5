/** A stretch of the text: from the start of a block's first line to behind the end of its last one. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export const beginMark = (alias: string) => `# >>> rusta ${alias} >>>`;
export const endMark = (alias: string) => `# <<< rusta ${alias} <<<`;

const MARK = /^# (?:>>> rusta \S+ >>>|<<< rusta \S+ <<<)/;

interface Line extends Stretch {
  /** The line without trailing blanks. */
  readonly text: string;
}

function linesOf(config: string): Line[] {
  let offset = 0;
  return config.split(/(?<=\n)/).map((line) => {
    const start = offset;
    offset += line.length;
    return { start, end: offset, text: line.trimEnd() };
  });
}

/** Finds our block for an alias. */
export function findBlock(config: string, alias: string): Stretch | undefined {
  let start: number | undefined;
  for (const line of linesOf(config)) {
    // The last begin marker before the end marker counts: lines below one whose end was deleted are not ours.
    if (line.text.startsWith(beginMark(alias))) start = line.start;
    else if (start !== undefined && line.text === endMark(alias)) return { start, end: line.end };
    // Blocks are never nested: one of the two has lost a marker.
    else if (MARK.test(line.text)) start = undefined;
  }
  return undefined;
}

/** Keywords that the predecessor wrote into its blocks. Any other line in one that is not indented is the user's. */
const ITS_KEYWORDS =
  /^(?:HostName|User|Port|IdentityFile|IdentitiesOnly|StrictHostKeyChecking|UserKnownHostsFile|LogLevel|ConnectTimeout|ServerAlive\w+|PubkeyAuthentication)\b/i;

/** Finds the block that the predecessor wrote for an alias: a comment, the `Host` line and its indented lines. It counts as ours. (D13) */
export function findLegacyBlock(config: string, alias: string): Stretch | undefined {
  const lines = linesOf(config);
  const first = lines.findIndex(({ text }) => text === `# Docker VM: ${alias} (added by rusta docker-setup)`);
  const comment = lines[first];
  let last = lines[first + 1];
  if (comment === undefined || last === undefined || !isHostLineOf(last.text, alias)) return undefined;
  for (const line of lines.slice(first + 2)) {
    if (!/^[ \t]+[^\s#]/.test(line.text) && !ITS_KEYWORDS.test(line.text)) break;
    if (/^\s*(?:Host|Match)\b/i.test(line.text)) break;
    last = line;
  }
  return { start: comment.start, end: last.end };
}

/** Finds every block of ours, for any alias. */
export function findAllBlocks(config: string): (Stretch & { readonly alias: string })[] {
  const aliases = new Set([...config.matchAll(/^# <<< rusta (\S+) <<<[ \t]*\r?$/gm)].map(([, alias = '']) => alias));
  return [...aliases].flatMap((alias) => {
    const block = findBlock(config, alias);
    return block === undefined ? [] : [{ ...block, alias }];
  });
}

function isHostLineOf(text: string, alias: string): boolean {
  const patterns = hostPatterns(text);
  return patterns.length === 1 && patterns[0] === alias.toLowerCase();
}

/** Returns the patterns of all `Host` lines, in lower case and without quotes. */
export function hostPatterns(config: string): string[] {
  return config.split(/\r?\n/).flatMap((line) => {
    const match = /^\s*host(?:\s*=\s*|\s+)(.*)$/i.exec(line);
    return match?.[1] === undefined
      ? []
      : match[1]
          .toLowerCase()
          .replaceAll('"', ' ')
          .split(/\s+/)
          .filter((word) => word !== '');
  });
}

export function without(config: string, stretch: Stretch | undefined): string {
  return stretch === undefined ? config : config.slice(0, stretch.start) + config.slice(stretch.end);
}
