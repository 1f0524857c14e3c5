import type { AnyLeaf } from '../commands/leaf.ts';

export interface Entry {
  readonly name: string;
  readonly summary: string;
  /** Loaded when the command is run or explained: start-up pays for one command, not for all. */
  readonly load: () => Promise<AnyLeaf>;
}

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
      { name: 'ip', summary: 'Print the IP address of a VM', load: async () => (await import('../commands/ip.ts')).ip },
    ],
  },
  {
    title: 'Overview',
    commands: [
      { name: 'list', summary: 'List the VMs and mark the default one', load: async () => (await import('../commands/list.ts')).list },
      { name: 'default', summary: 'Print or set the default VM', load: async () => (await import('../commands/default.ts')).defaultVm },
    ],
  },
];

export function findEntry(name: string): Entry | undefined {
  return GROUPS.flatMap((group) => group.commands).find((entry) => entry.name === name);
}

export function commandNames(): string[] {
  return GROUPS.flatMap((group) => group.commands.map((entry) => entry.name));
}
