/** What our block says about one host alias. */
export interface SshAlias {
  readonly alias: string;
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  readonly identityFile: string;
}

/** Whose the entry for an alias is: nobody's, ours, or the user's, which is left alone (D13). */
export type Owner = 'nobody' | 'rusta' | 'user';

const begin = (alias: string) => `# >>> rusta ${alias} >>>`;
const end = (alias: string) => `# <<< rusta ${alias} <<<`;

/** Pure, as all here: text of `~/.ssh/config` in, text out, every byte outside our block kept. */
export function ownerOf(config: string, alias: string): Owner {
  const block = findBlock(config, alias);
  const rest = block === undefined ? config : config.slice(0, block.start) + config.slice(block.end);
  if (hostPatterns(rest).includes(alias.toLowerCase())) return 'user';
  return block === undefined ? 'nobody' : 'rusta';
}

/**
 * With our block for the alias, in its place if there is one, else at the very top: ssh takes the first value that it
 * finds, so below a `Host *` of the user's it would not count. `Match all` gives what follows its old meaning back.
 */
export function withAlias(config: string, entry: SshAlias): string {
  const eol = lineEnd(config);
  const text = blockLines(entry).join(eol) + eol;
  const block = findBlock(config, entry.alias);
  if (block === undefined) return text + config;
  return config.slice(0, block.start) + text + config.slice(block.end);
}

/** Without our block; the same text if there is none. */
export function withoutAlias(config: string, alias: string): string {
  const block = findBlock(config, alias);
  return block === undefined ? config : config.slice(0, block.start) + config.slice(block.end);
}

/** With another address in our block, which is otherwise kept; undefined if there is no block or nothing to change. */
export function withHostName(config: string, alias: string, hostName: string): string | undefined {
  const block = findBlock(config, alias);
  if (block === undefined) return undefined;
  const old = config.slice(block.start, block.end);
  const changed = old.replace(/^([ \t]*HostName[ \t]+)[^\r\n]*/im, (_line, head: string) => `${head}${hostName}`);
  return changed === old ? undefined : config.slice(0, block.start) + changed + config.slice(block.end);
}

function blockLines({ alias, hostName, port, user, identityFile }: SshAlias): string[] {
  return [
    `${begin(alias)} changes up to the last line of this block are lost`,
    `Host ${alias}`,
    `  HostName ${hostName}`,
    `  Port ${port}`,
    `  User ${user}`,
    `  IdentityFile "${asConfigText(identityFile)}"`,
    '  IdentitiesOnly yes',
    '  StrictHostKeyChecking no',
    '  UserKnownHostsFile /dev/null',
    '  LogLevel ERROR',
    'Match all',
    end(alias),
  ];
}

/** A path as ssh reads it: `%` begins a token of ssh's, and the file's text here is its bytes, one letter each (ssh-files.ts). */
function asConfigText(path: string): string {
  return Buffer.from(path.replaceAll('%', '%%'), 'utf8').toString('latin1');
}

/** From the start of our first line to behind the end of our last one. */
function findBlock(config: string, alias: string): { readonly start: number; readonly end: number } | undefined {
  let start: number | undefined;
  let offset = 0;
  for (const line of config.split(/(?<=\n)/)) {
    const text = line.trimEnd();
    // The last one before the end: what stands behind a marker whose end was deleted is not ours.
    if (text.startsWith(begin(alias))) start = offset;
    offset += line.length;
    if (start !== undefined && text === end(alias)) return { start, end: offset };
  }
  return undefined;
}

/** The patterns of all `Host` lines, in lower case, without quotes. */
function hostPatterns(config: string): string[] {
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

function lineEnd(config: string): string {
  return /\r\n/.test(config) && !/(^|[^\r])\n/.test(config) ? '\r\n' : '\n';
}
