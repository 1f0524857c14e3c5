import type { AnyLeaf } from '../commands/shared/leaf.ts';

export interface LeafEntry {
  readonly name: string;
  readonly summary: string;
  /** Loaded when the command is run or explained: start-up pays for one command, not for all. */
  readonly load: () => Promise<AnyLeaf>;
}

/** A command that only groups others, e.g. `source`. */
export interface Branch {
  readonly name: string;
  readonly summary: string;
  readonly actions: readonly LeafEntry[];
  /** What it does when no action is named. */
  readonly fallback: LeafEntry;
}

export type Entry = LeafEntry | Branch;

export interface Group {
  readonly title: string;
  readonly commands: readonly Entry[];
}

/** All commands, in the order of the help. */
export const GROUPS: readonly Group[] = [
  {
    title: 'Life of a VM',
    commands: [
      { name: 'create', summary: 'Create and provision a new Ubuntu VM', load: async () => (await import('../commands/create.ts')).create },
      { name: 'up', summary: 'Start a VM (headless by default)', load: async () => (await import('../commands/up.ts')).up },
      { name: 'down', summary: 'Shut a VM down gracefully', load: async () => (await import('../commands/down.ts')).down },
      {
        name: 'delete',
        summary: 'Delete a VM and all that belongs to it',
        load: async () => (await import('../commands/delete.ts')).remove,
      },
      {
        name: 'set-gui',
        summary: 'Choose whether a VM boots with a window',
        load: async () => (await import('../commands/set-gui.ts')).setGraphics,
      },
    ],
  },
  {
    title: 'Using a VM',
    commands: [
      {
        name: 'ssh',
        summary: 'Open an SSH session, or run a command, on a VM',
        load: async () => (await import('../commands/ssh.ts')).ssh,
      },
      {
        name: 'ssh-copy',
        summary: 'Copy your SSH keys (~/.ssh/id_*, *.pem) into a VM',
        load: async () => (await import('../commands/ssh-copy.ts')).copy,
      },
      {
        name: 'docker-setup',
        summary: 'Install Docker in a VM and wire the docker CLI of this Mac to it',
        load: async () => (await import('../commands/docker-setup.ts')).setup,
      },
      { name: 'ip', summary: 'Print the IP address of a VM', load: async () => (await import('../commands/ip.ts')).ip },
    ],
  },
  {
    title: 'Overview',
    commands: [
      { name: 'list', summary: 'List the VMs and mark the default one', load: async () => (await import('../commands/list.ts')).list },
      {
        name: 'logs',
        summary: 'Print what provisioning and the last run of a VM left to read',
        load: async () => (await import('../commands/logs.ts')).logs,
      },
      { name: 'default', summary: 'Print or set the default VM', load: async () => (await import('../commands/default.ts')).defaultVm },
    ],
  },
  {
    title: 'Images',
    commands: [
      {
        name: 'versions',
        summary: 'List the versions that can be created',
        load: async () => (await import('../commands/versions.ts')).versions,
      },
      listBranch('source', 'Manage the sources that images come from', 'sources', () => import('../commands/source.ts')),
      listBranch('image', 'Manage the names of the images', 'images', () => import('../commands/image.ts')),
    ],
  },
];

export const ALL_COMMANDS: readonly Entry[] = GROUPS.flatMap(({ commands }) => commands);

export function isBranch(entry: Entry): entry is Branch {
  return 'actions' in entry;
}

/** The four actions that both lists of the user have; the loader's module exports one leaf for each. */
function listBranch(
  name: string,
  summary: string,
  items: string,
  load: () => Promise<{ readonly list: AnyLeaf; readonly add: AnyLeaf; readonly rm: AnyLeaf; readonly move: AnyLeaf }>,
): Branch {
  const fallback = { name: 'list', summary: `List the ${items} in order of priority`, load: async () => (await load()).list };
  const actions = [
    fallback,
    { name: 'add', summary: `Add one to the end of the ${items}`, load: async () => (await load()).add },
    { name: 'rm', summary: `Remove one of the ${items}`, load: async () => (await load()).rm },
    { name: 'move', summary: `Change the priority of one of the ${items}`, load: async () => (await load()).move },
  ];
  return { name, summary, actions, fallback };
}
