import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'smol-toml';
import { ours } from '../e2e/state.ts';
import type { Mac } from '../sandbox/mac.ts';

/** What the user has at home before rusta runs: with odd line ends, odd bytes and no end of its own. */
const USERS: Readonly<Record<string, string>> = {
  '.ssh/config': 'Host work\r\n  HostName work.example\n# caf\xe9',
  '.ssh/id_rsa': 'a private key\n',
  '.ssh/id_rsa.pub': 'ssh-rsa AAAA me@mac\n',
  '.docker-contexts/work': '{"host":"ssh://me@work","description":""}',
};
const OUR_CONTEXT = '.docker-contexts/docker-lab';
const STATE = { default_vm: 'lab', future: 'kept', vms: { other: { gui: true } }, sources: [{ registry: 'ghcr.io/cirruslabs' }] };

export interface Planting {
  /** What state.toml says of VM `lab`. */
  readonly record?: Readonly<Record<string, string | boolean | number>>;
  /** An alias and a docker context that an earlier docker-setup made; where the context leads. */
  readonly wiredTo?: string;
}

export function plant(mac: Mac, { record, wiredTo }: Planting = {}): void {
  for (const [path, text] of Object.entries(USERS)) put(join(mac.home, path), text);
  const vms = record === undefined ? STATE.vms : { ...STATE.vms, lab: record };
  put(ours(mac, 'state.toml'), stringify({ ...STATE, vms }));
  if (wiredTo === undefined) return;
  put(join(mac.home, '.ssh/config'), `${ALIAS}${USERS['.ssh/config']}`);
  put(join(mac.home, OUR_CONTEXT), JSON.stringify({ host: wiredTo, description: 'Made by rusta' }));
}

const ALIAS = [
  '# >>> rusta docker-lab >>> changes up to the last line of this block are lost',
  'Host docker-lab',
  '  HostName 192.0.2.1',
  'Match all',
  '# <<< rusta docker-lab <<<\n',
].join('\n');

/** Latin 1: a character is a byte. */
function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, text, 'latin1');
}

const PATHS = [...Object.keys(USERS), OUR_CONTEXT, '.local/share/rusta/state.toml'];
export type Snapshot = ReadonlyMap<string, string>;

/** Of all but what the test has put at or below `except`. */
export function snapshot(mac: Mac, except?: string): Snapshot {
  const paths = PATHS.filter((path) => path !== except && !path.startsWith(`${except}/`));
  return new Map(paths.map((path) => [path, read(mac, path)]));
}

const read = (mac: Mac, path: string) => (existsSync(join(mac.home, path)) ? readFileSync(join(mac.home, path), 'latin1') : '(gone)');

/** Returns what is not as it was before, byte for byte, or beside rusta's own part of it. */
export function harm(mac: Mac, before: Snapshot, { mayChange }: { readonly mayChange: 'nothing' | 'our part' }): string[] {
  const changed = [...before.keys()].filter((path) => read(mac, path) !== before.get(path));
  const harmed = mayChange === 'nothing' ? changed : changed.filter((path) => !isWhole(path, read(mac, path)));
  const leftovers = [...new Bun.Glob('**/{.rusta-*,*.tmp}').scanSync({ cwd: mac.home, dot: true, onlyFiles: false })];
  return [...harmed.map((path) => `${path} was changed: ${read(mac, path)}`), ...leftovers.map((path) => `${path} was left`)];
}

function isWhole(path: string, text: string): boolean {
  if (path === '.ssh/config') return text.endsWith(USERS[path] ?? '');
  if (path === OUR_CONTEXT) return true;
  if (!path.endsWith('state.toml')) return false;
  const { vms, sources, future } = parse(text);
  // Of the VMs that the commands are about; `web` is a copy of lab.
  const { lab: _, web: _copy, ...others } = Object(vms);
  return Bun.deepEquals({ vms: others, future, first: Object(sources)[0] }, { vms: STATE.vms, future: 'kept', first: STATE.sources[0] });
}
