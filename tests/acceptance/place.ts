/** The private corner of a Mac where the acceptance happens, and how it is left without a trace. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOMELESS, toldWhereHomeIs } from '../sandbox/mac/layout.ts';

export type Env = Readonly<Record<string, string>>;

export interface Place {
  /** Begins the name of every VM: no VM of the user's can have it. */
  readonly id: string;
  readonly folder: string;
  readonly home: string;
  readonly env: Env;
}

const PREFIX = 'rusta-acceptance-';
/** They lead to the user's own engine, keys and contexts; `bun test` sets the last one. */
const KEPT_OUT = ['DOCKER_CONFIG', 'DOCKER_CONTEXT', 'DOCKER_HOST', 'SSH_AUTH_SOCK', 'NODE_ENV'];
/** `ssh-copy` needs something to copy; none of these opens any door. */
export const KEYS = ['id_acceptance', 'id_acceptance.pub', 'acceptance.pem'] as const;

export const NOTES: readonly string[] = [
  "HOME is a private folder: rusta's state, ~/.ssh and Docker contexts of the user are not seen.",
  'TART_HOME is a private folder too: VMs and images of the user are not seen, and every image is really downloaded.',
  'Tart and Homebrew get the real HOME from wrappers on PATH: they need the login keychain and their caches.',
  'ssh and scp are told the private ~/.ssh/config by wrappers on PATH: they ask the user database for the home folder, not HOME.',
  'The SSH agent and DOCKER_* variables are kept out.',
];

interface ListedVm {
  readonly Name: string;
  readonly Running: boolean;
}

/** Throws where the list cannot be had. */
function localVms(env: Env): ListedVm[] {
  const { exitCode, stdout, stderr } = tart(env, 'list', '--source', 'local', '--format', 'json');
  if (exitCode !== 0) throw new Error(`'tart list' failed: ${stderr}`);
  return JSON.parse(String(stdout));
}

function tart(env: Env, ...args: readonly string[]) {
  const program = Bun.which('tart', { PATH: env['PATH'] ?? '' }) ?? 'tart';
  return Bun.spawnSync([program, ...args], { env, stdin: 'ignore', timeout: 120_000 });
}

/** Why the acceptance must not start on this machine now. */
export function whyNot(env: Env): string | undefined {
  const home = env['HOME'] ?? '';
  // Tart encodes other characters of its folder, and then misses it (contract, trap 17).
  if (!/^\/[\w./-]+$/.test(home))
    return `the home folder '${home}' cannot hold VMs: Tart needs a path of letters, digits, '.', '_' and '-'`;
  const missing = ['tart', 'brew'].find((program) => !Bun.which(program, { PATH: env['PATH'] ?? '' }));
  if (missing) return `${missing} is not on PATH: this is for a Mac with Homebrew and Tart ('bun run test' runs it before a stand-in)`;
  const [left] = readdirSync(home).filter((name) => name.startsWith(`.${PREFIX}`));
  if (left) return `an earlier run was killed and left ~/${left}; remove it:\n${removal(join(home, left))}`;
  const vms = localVms(env);
  const clash = vms.find(({ Name }) => Name.startsWith(PREFIX));
  if (clash) return `there is a VM '${clash.Name}' already: delete it with 'tart delete ${clash.Name}'`;
  // Tart keeps MAC addresses apart within one TART_HOME alone.
  const running = vms.find(({ Running }) => Running);
  if (running) return `VM '${running.Name}' is running: a VM of the same image could get its MAC address; stop it first`;
  return undefined;
}

const removal = (folder: string) =>
  [
    `  export TART_HOME=${folder}/tart`,
    '  for vm in $(tart list --source local --quiet); do tart stop $vm; tart delete $vm; done',
    `  unset TART_HOME; rm -rf ${folder}`,
  ].join('\n');

/** Throws, having removed it again, if Tart shows VMs there: then it does not keep to its TART_HOME. */
export function makePlace(env: Env): Place {
  const realHome = env['HOME'] ?? '';
  const id = `${PREFIX}${crypto.randomUUID().slice(0, 6)}`;
  const folder = join(realHome, `.${id}`);
  const [home, bin] = [join(folder, 'home'), join(folder, 'bin')];
  for (const path of [bin, join(folder, 'tart'), join(folder, 'files'), home]) mkdirSync(path, { recursive: true, mode: 0o700 });
  mkdirSync(join(home, '.ssh'), { mode: 0o700 });
  for (const key of KEYS) writeFileSync(join(home, '.ssh', key), `${key} of ${id}: no key at all\n`, { mode: 0o600 });
  const atHome = (real: string) => `#!/bin/sh\nHOME='${realHome}' exec '${real}' "$@"\n`;
  const wrappers = { tart: atHome, brew: atHome, ...Object.fromEntries(HOMELESS.map((name) => [name, toldWhereHomeIs])) };
  for (const [program, wrapper] of Object.entries(wrappers)) {
    const real = Bun.which(program, { PATH: env['PATH'] ?? '' });
    if (real) writeFileSync(join(bin, program), wrapper(real), { mode: 0o755 });
  }
  const rest = Object.fromEntries(Object.entries(env).filter(([name]) => !KEPT_OUT.includes(name)));
  const place = { id, folder, home, env: { ...rest, HOME: home, TART_HOME: join(folder, 'tart'), PATH: `${bin}:${env['PATH']}` } };
  if (localVms(place.env).length === 0) return place;
  rmSync(folder, { recursive: true });
  throw new Error('tart shows VMs in a TART_HOME that was just made: nothing was done, so that none of yours is touched');
}

/** Powers off whatever runs there. */
export function stopAll({ env }: Place): void {
  for (const { Name, Running } of localVms(env)) if (Running) tart(env, 'stop', Name);
}

/** Stops and deletes every VM, then the folder; what could not be removed, and how to do it. */
export function removePlace(place: Place): string[] {
  try {
    stopAll(place);
    for (const { Name } of localVms(place.env)) tart(place.env, 'delete', Name);
    const left = localVms(place.env).map(({ Name }) => `VM ${Name}`);
    if (left.length > 0) return [...left, removal(place.folder)];
    rmSync(place.folder, { recursive: true, force: true });
    return existsSync(place.folder) ? [place.folder] : [];
  } catch (error) {
    return [String(error), removal(place.folder)];
  }
}
