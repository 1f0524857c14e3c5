import { beginMark, endMark, findAllBlocks, findBlock, findLegacyBlock, hostPatterns, type Stretch, without } from './blocks.ts';

/** The settings of our block for one host alias. As in ssh, the first value for a name counts. */
export interface SshAlias {
  readonly alias: string;
  readonly settings: readonly (readonly [name: string, value: string])[];
}

/** The owner of the entry for an alias: nobody, rusta (or its predecessor), or the user, whose entry is left alone (D13). */
export type Owner = 'nobody' | 'rusta' | 'user';

/** Replaces an address that another VM has now: it leads nowhere until the next `up` writes the new one. */
const NO_ADDRESS = 'address-of-another-vm.invalid';

/**
 * Returns who owns the entry for an alias. As all functions here it is pure: it takes the text of `~/.ssh/config`; those that return a
 * text keep every byte outside our blocks.
 */
export function ownerOf(config: string, alias: string): Owner {
  const rest = withoutAlias(config, alias);
  if (hostPatterns(rest).includes(alias.toLowerCase())) return 'user';
  return rest === config ? 'nobody' : 'rusta';
}

/**
 * Returns the text with our block for the alias: in place of the old one, else at the very top. ssh takes the first value that it finds,
 * so a block below a `Host *` of the user would not count. `Match all` at its end lets the following lines apply to all hosts again. The
 * predecessor's block is removed. Other blocks of ours lose the address: the VM of this alias has it now.
 */
export function withAlias(config: string, entry: SshAlias): string {
  const rest = without(config, findLegacyBlock(config, entry.alias));
  const [, address] = entry.settings.find(([name]) => name === 'HostName') ?? [];
  const others = address === undefined ? rest : releaseAddress(rest, entry.alias, address);
  const eol = lineEnd(config);
  const text = asBytes(aliasText(entry).join(eol) + eol);
  const block = findBlock(others, entry.alias);
  return block === undefined ? text + others : others.slice(0, block.start) + text + others.slice(block.end);
}

/** Returns the lines of our block. Users are shown them, too, where rusta cannot write the file. */
export function aliasText({ alias, settings }: SshAlias): string[] {
  return [
    `${beginMark(alias)} changes up to the last line of this block are lost`,
    `Host ${alias}`,
    ...settings.map(([name, value]) => `  ${name} ${value}`),
    'Match all',
    endMark(alias),
  ];
}

/** Quotes a path for ssh, which takes `%` for the begin of a token. */
export function pathValue(path: string): string {
  return `"${path.replaceAll('%', '%%')}"`;
}

/** Returns the text without our block; the same text if there is none. */
export function withoutAlias(config: string, alias: string): string {
  const rest = without(config, findBlock(config, alias));
  return without(rest, findLegacyBlock(rest, alias));
}

/** Tells whether the alias stands in a block of rusta's predecessor alone. */
export function isPredecessors(config: string, alias: string): boolean {
  return findBlock(config, alias) === undefined && findLegacyBlock(config, alias) !== undefined;
}

/** Returns the address that our block pins the alias to; undefined where there is no block. */
export function hostNameOf(config: string, alias: string): string | undefined {
  return settingOf(config, alias, 'HostName');
}

/** Returns what our block says for a setting; undefined where it says nothing, or there is none. */
export function settingOf(config: string, alias: string, name: 'HostName' | 'ProxyCommand'): string | undefined {
  const block = blockOf(config, alias);
  const line = new RegExp(`^[ \\t]*${name}[ \\t]+([^\\r\\n]*)`, 'im');
  return block === undefined ? undefined : line.exec(config.slice(block.start, block.end))?.[1];
}

/** Returns the text with another address in our block, which no other block of ours keeps; undefined if there is no block or nothing to change. */
export function withHostName(config: string, alias: string, hostName: string): string | undefined {
  const block = blockOf(config, alias);
  if (block === undefined) return undefined;
  const changed = releaseAddress(replaceHostName(config, block, hostName), alias, hostName);
  return changed === config ? undefined : changed;
}

const HOST_NAME = /^([ \t]*HostName[ \t]+)([^\r\n]*)/im;

function blockOf(config: string, alias: string): Stretch | undefined {
  return findBlock(config, alias) ?? findLegacyBlock(config, alias);
}

function replaceHostName(config: string, { start, end }: Stretch, hostName: string): string {
  const block = config.slice(start, end).replace(HOST_NAME, (_line, head: string) => `${head}${hostName}`);
  return config.slice(0, start) + block + config.slice(end);
}

/**
 * Takes an address out of all blocks but that of `keeper`. After a lease has moved, an older block would lead to one VM under the name of
 * another. (D28)
 */
function releaseAddress(config: string, keeper: string, address: string): string {
  const pinned = findAllBlocks(config).filter(({ alias }) => alias !== keeper && hostNameOf(config, alias) === address);
  return pinned.reduce((text, { alias }) => {
    const block = findBlock(text, alias);
    return block === undefined ? text : replaceHostName(text, block, NO_ADDRESS);
  }, config);
}

/** Turns a text into its bytes, one character for each: the config is read that way (files.ts). */
function asBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function lineEnd(config: string): string {
  return /\r\n/.test(config) && !/(^|[^\r])\n/.test(config) ? '\r\n' : '\n';
}
