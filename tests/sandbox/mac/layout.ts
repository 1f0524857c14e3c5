import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installProgram } from '../host/install.ts';
import type { MacOptions, Program } from './mac-api.ts';
import { memoryFolder } from './memory.ts';

const FOLDERS = ['home', 'bin', 'sys', 'tart/vms', 'tart/cache/OCIs', 'tart/tmp', 'machines', 'orphans', 'faults'];
const OF_MACOS: readonly Program[] = ['uname', 'sw_vers', 'sysctl', 'launchctl', 'security', 'route', 'df', 'lsof'];
const OF_SSH: readonly Program[] = ['sshpass', 'ssh', 'scp', 'ssh-copy-id', 'ssh-keygen', 'ssh-add'];
const PROGRAMS: readonly Program[] = ['tart', 'brew', ...OF_MACOS, ...OF_SSH, 'docker'];
/** Played even before a system guest, which has the host's real ssh and docker on PATH. */
const ALWAYS_PLAYED: readonly Program[] = ['tart', 'brew', ...OF_MACOS];
/** All that scripts and children of the product may need of the system; nothing that the stand-ins play. */
const SYSTEM_TOOLS = 'sh bash env ps cat sleep true false ls mkdir rm tee stty id kill tail head'.split(' ');
const SYSTEM_PATH = '/usr/bin:/bin:/usr/sbin:/sbin';
/** They ask the user database for the home folder, not $HOME, and would read the settings of whoever runs the tests. */
export const HOMELESS: readonly Program[] = ['ssh', 'scp'];
export const toldWhereHomeIs = (real: string) => `#!/bin/sh
config=$HOME/.ssh/config
[ -e "$config" ] || config=none
exec ${real} -F "$config" "$@"
`;

export interface Layout {
  readonly root: string;
  readonly path: (name: string) => string;
  /** complete: a program that is started gets nothing else */
  readonly env: Readonly<Record<'PATH' | 'HOME', string>> & Readonly<Record<string, string>>;
}

/** The folders of a Mac, with its programs in place. */
export function prepareLayout({ without = [] }: MacOptions, standin: string, isSystem: boolean): Layout {
  // Short, so that sockets below it stay within 104 bytes; macOS's own temporary folder is not. System guests take more than memory has.
  const root = realpathSync(mkdtempSync(`${(isSystem ? undefined : memoryFolder()) ?? '/tmp'}/mac-`));
  const path = (name: string) => join(root, name);
  for (const folder of FOLDERS) mkdirSync(path(folder), { recursive: true });
  for (const tool of SYSTEM_TOOLS) {
    const real = Bun.which(tool, { PATH: SYSTEM_PATH });
    if (real) symlinkSync(real, join(path('sys'), tool));
  }
  for (const program of isSystem ? ALWAYS_PLAYED : PROGRAMS) {
    if (!without.includes(program)) installProgram(root, standin, program);
  }
  for (const program of isSystem ? HOMELESS : []) {
    const real = Bun.which(program, { PATH: SYSTEM_PATH });
    if (real && !without.includes(program)) writeFileSync(join(path('bin'), program), toldWhereHomeIs(real), { mode: 0o755 });
  }
  const env = {
    PATH: `${path('bin')}:${isSystem ? SYSTEM_PATH : path('sys')}`,
    HOME: path('home'),
    USER: 'me',
    TART_HOME: path('tart'),
    // There is no folder of programs in it: those of the machine's own Homebrew must not be found either.
    HOMEBREW_PREFIX: path('homebrew'),
    SANDBOX: root,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
  };
  return { root, path, env };
}

/** Nobody may listen on 22 without root: scratch guests have their sshd here, and the product is told. */
export function freePort(): number {
  const listener = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
  const { port } = listener;
  listener.stop(true);
  return port;
}
