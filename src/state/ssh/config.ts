import { beginMark, endMark, findAllBlocks, findBlock, findLegacyBlock, hostPatterns, type Stretch, without } from './blocks.ts';

/** What our block says about one host alias: as ssh reads it, the first value for a name counts. */
export interface SshAlias {
  readonly alias: string;
  readonly settings: readonly (readonly [name: string, value: string])[];
}

/** Whose the entry for an alias is: nobody's, ours (or the predecessor's), or the user's, which is left alone (D13). */
export type Owner = 'nobody' | 'rusta' | 'user';

/** Stands for an address that another VM has got: it leads nowhere, until the next `up` says the new one. */
const NO_ADDRESS = 'address-of-another-vm.invalid';

/** Pure, as all here: text of `~/.ssh/config` in, text out, every byte outside our block kept. */
export function ownerOf(config: string, alias: string): Owner {
  const rest = withoutAlias(config, alias);
  if (hostPatterns(rest).includes(alias.toLowerCase())) return 'user';
  return rest === config ? 'nobody' : 'rusta';
}

/**
 * With our block for the alias, in its place if there is one, else at the very top: ssh takes the first value that it
 * finds, so below a `Host *` of the user's it would not count. `Match all` gives what follows its old meaning back.
 * A block of the predecessor's goes. No other block of ours keeps the address: whoever has it now took it over.
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

/** The lines of our block, as the user can put it where it cannot be written. */
export function aliasText({ alias, settings }: SshAlias): string[] {
  return [
    `${beginMark(alias)} changes up to the last line of this block are lost`,
    `Host ${alias}`,
    ...settings.map(([name, value]) => `  ${name} ${value}`),
    'Match all',
    endMark(alias),
  ];
}

/** A path as a value of ssh's: `%` begins a token there. */
export function pathValue(path: string): string {
  return `"${path.replaceAll('%', '%%')}"`;
}

/** Without our block; the same text if there is none. */
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

/**
 * With another address in our block, which is otherwise kept, and in no other block of ours; undefined if there is no block or nothing to
 * change.
 */
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

/** A lease is handed on: two blocks with one address would lead to one VM under the name of another. (D28) */
function releaseAddress(config: string, keeper: string, address: string): string {
  const pinned = findAllBlocks(config).filter(({ alias }) => alias !== keeper && hostNameOf(config, alias) === address);
  return pinned.reduce((text, { alias }) => {
    const block = findBlock(text, alias);
    return block === undefined ? text : replaceHostName(text, block, NO_ADDRESS);
  }, config);
}

/** The file's text is here its bytes, one letter each (ssh-files.ts). */
function asBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function lineEnd(config: string): string {
  return /\r\n/.test(config) && !/(^|[^\r])\n/.test(config) ? '\r\n' : '\n';
}
