import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Mapping } from './mapping.ts';
import { ownTools } from './tools.ts';

/** Where a program of the guest finds itself; set by the machine for everything that runs in it. */
export interface GuestPlace extends Mapping {
  readonly vm: string;
  /** process that plays the hardware; SIGUSR2 powers it off */
  readonly machinePid: number;
  readonly sandbox: string;
}

export function guestPlace(): GuestPlace {
  const { GUEST_ROOT = '', GUEST_VM = '', GUEST_MACHINE = '0', SANDBOX = '' } = process.env;
  return { root: GUEST_ROOT, tools: ownTools(), vm: GUEST_VM, machinePid: Number(GUEST_MACHINE), sandbox: SANDBOX };
}

export const homeOf = (root: string, user: string): string => (user === 'root' ? join(root, 'root') : join(root, 'home', user));

/** Names that must survive sudo, or the program would lose its way. */
export const placeEnvironment = (place: GuestPlace): Record<string, string> => ({
  SANDBOX: place.sandbox,
  GUEST_ROOT: place.root,
  GUEST_VM: place.vm,
  GUEST_MACHINE: String(place.machinePid),
  TMPDIR: join(place.root, 'tmp'),
  PATH: [...['usr/local/sbin', 'usr/local/bin', 'usr/sbin', 'usr/bin'].map((part) => join(place.root, part)), place.tools].join(':'),
});

/** As systemd gives it to the agent: no TERM, no login files. */
export const serviceEnvironment = (place: GuestPlace, user: string): Record<string, string> => ({
  ...placeEnvironment(place),
  HOME: homeOf(place.root, user),
  USER: user,
  LOGNAME: user,
  SHELL: join(place.tools, 'bash'),
  LANG: 'C.UTF-8',
});

/** They run what follows them; to every other program a script is a file like any other. */
const WRAPPERS = ['sudo', 'env', 'timeout', 'nohup', 'setsid', 'nice', 'ionice', 'stdbuf', 'flock'];

/** A script run by its own name would get a real interpreter and unmapped paths: put the guest's shell before it. */
export function throughShell(argv: readonly string[], { root, tools }: Mapping): string[] {
  const at = argv.findIndex((word) => word.startsWith(`${root}/`) && isScript(word));
  const isProgram = (word: string) => !WRAPPERS.includes(basename(word)) && existsSync(join(tools, basename(word)));
  const isArgument = argv.slice(0, Math.max(at, 0)).some(isProgram);
  return at < 0 || isArgument ? [...argv] : [...argv.slice(0, at), join(tools, 'bash'), ...argv.slice(at)];
}

function isScript(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile() || (stats.mode & 0o111) === 0) return false;
  const start = new Uint8Array(2);
  const fd = openSync(path, 'r');
  readSync(fd, start, 0, 2, 0);
  closeSync(fd);
  return new TextDecoder().decode(start) === '#!';
}

/** Lines of /etc/passwd or /etc/group of the guest, cut at the colons. */
export function accounts(root: string, file: 'passwd' | 'group'): string[][] {
  const path = join(root, 'etc', file);
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(':'));
}
