import type { CommandDef } from 'citty';
import type { ArgDefs } from '../commands/shared/args.ts';
import type { Command } from '../commands/shared/command.ts';
import { GLOBALS, ROOT_ONLY } from './globals.ts';

interface Meta {
  /** The command in one line without a full stop. */
  readonly description: string;
}

/** A citty command whose definition is loaded only when it is run or explained: start-up pays for one command, not for all. */
export interface Leaf extends CommandDef {
  readonly meta: Meta;
  readonly load: () => Promise<Command>;
}

export type Commands = Readonly<Record<string, Leaf | Branch>>;

/** A citty command that only groups others, e.g. `source`. */
export interface Branch extends CommandDef {
  readonly meta: Meta;
  /** The flags before the word of a subcommand. */
  readonly args: ArgDefs;
  readonly subCommands: Commands;
  /** The subcommand that runs where none is named; without it, the help is printed. */
  readonly default?: string;
}

const LIFE = {
  create: leaf('Create and provision a new Ubuntu VM', () => import('../commands/life/create.ts')),
  up: leaf('Start a VM (headless by default)', () => import('../commands/life/up.ts')),
  down: leaf('Shut a VM down gracefully', () => import('../commands/life/down.ts')),
  restart: leaf('Restart a VM: shut it down, then start it', () => import('../commands/life/restart.ts')),
  delete: leaf('Delete a VM and all that belongs to it', () => import('../commands/life/delete.ts')),
  'set-gui': leaf('Choose whether a VM boots with a window', () => import('../commands/life/set-gui.ts')),
};

const USE = {
  ssh: leaf('Open an SSH session, or run a command, on a VM', () => import('../commands/use/ssh.ts')),
  run: leaf('Run a command in a copy of a VM that is removed again', () => import('../commands/use/run.ts')),
  'ssh-setup': leaf('Give a VM a name that ssh, git, rsync, VS Code and others reach', () => import('../commands/use/ssh-setup.ts')),
  connect: leaf('Carry the bytes of ssh between this Mac and a VM', () => import('../commands/use/connect.ts')),
  'ssh-copy': leaf('Copy your SSH keys (~/.ssh/id_*, *.pem) into a VM', () => import('../commands/use/ssh-copy.ts')),
  'docker-setup': leaf('Install Docker in a VM and wire the docker CLI of this Mac to it', () => import('../commands/use/docker-setup.ts')),
  ip: leaf('Print the IP address of a VM', () => import('../commands/use/ip.ts')),
};

const OVERVIEW = {
  list: leaf('List the VMs and mark the default one', () => import('../commands/overview/list.ts')),
  logs: leaf('Print what provisioning and the last run of a VM left to read', () => import('../commands/overview/logs.ts')),
  doctor: leaf('Say what is wrong with this Mac, Tart or a VM, and what mends it', () => import('../commands/overview/doctor.ts')),
  default: leaf('Print or set the default VM', () => import('../commands/overview/default.ts')),
};

const IMAGES = {
  versions: leaf('List the versions that can be created', () => import('../commands/images/versions.ts')),
  source: listBranch('Manage the sources that images come from', 'sources', () => import('../commands/images/source.ts')),
  image: listBranch('Manage the names of the images', 'images', () => import('../commands/images/image.ts')),
};

/** The commands as the help shows them. Each group has a folder in src/commands. */
export const GROUPS: readonly { readonly title: string; readonly commands: Commands }[] = [
  { title: 'Life of a VM', commands: LIFE },
  { title: 'Using a VM', commands: USE },
  { title: 'Overview', commands: OVERVIEW },
  { title: 'Images', commands: IMAGES },
];

/** The tree that routing, help, completion and manual pages are made from. */
export const ROOT = {
  meta: { description: 'Ubuntu VMs on Apple Silicon' },
  args: { ...GLOBALS, ...ROOT_ONLY },
  subCommands: { ...LIFE, ...USE, ...OVERVIEW, ...IMAGES },
} satisfies Branch;

export function isBranch(node: Leaf | Branch): node is Branch {
  return 'subCommands' in node && node.subCommands !== undefined;
}

/** Finds a subcommand. `constructor` is not one. */
export function findCommand(commands: Commands, name: string): Leaf | Branch | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined;
}

/** Lists the commands that a word leads to, with all their words: `up`, `source add`. */
export function leavesOf(name: string, node: Leaf | Branch): (readonly [words: string, leaf: Leaf])[] {
  if (!isBranch(node)) return [[name, node]];
  return Object.entries(node.subCommands).flatMap(([word, child]) => leavesOf(`${name} ${word}`, child));
}

export function leaf(description: string, load: () => Promise<{ readonly default: Command }>): Leaf {
  return { meta: { description }, load: async () => (await load()).default };
}

/** The actions on each of the user's two lists. */
type ListAction = 'list' | 'add' | 'rm' | 'move';

function listBranch(
  description: string,
  items: string,
  load: () => Promise<{ readonly default: Readonly<Record<ListAction, Command>> }>,
): Branch {
  const action = (name: ListAction, summary: string) => leaf(summary, async () => ({ default: (await load()).default[name] }));
  return {
    meta: { description },
    args: GLOBALS,
    subCommands: {
      list: action('list', `List the ${items} in order of priority`),
      add: action('add', `Add one to the end of the ${items}`),
      rm: action('rm', `Remove one of the ${items}`),
      move: action('move', `Change the priority of one of the ${items}`),
    },
    default: 'list',
  };
}
