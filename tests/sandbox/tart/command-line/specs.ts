import type { CommandSpec } from './parse.ts';

const insecure = ['--insecure'];

/** Every subcommand but `exec`, whose arguments are read apart. */
export const specs = {
  list: {
    name: 'list',
    usage: '[--source <source>] [--format <format>] [--quiet]',
    about: 'List created VMs',
    positionals: [],
    flags: ['--quiet'],
    short: { '-q': '--quiet' },
    options: { '--source': ['local', 'oci'], '--format': ['text', 'json'] },
  },
  get: {
    name: 'get',
    usage: '<name> [--format <format>]',
    about: "Get a VM's configuration",
    positionals: ['name'],
    options: { '--format': ['text', 'json'] },
  },
  clone: {
    name: 'clone',
    usage: '<source-name> <new-name> [--insecure] [--concurrency <concurrency>] [--prune-limit <prune-limit>]',
    about: 'Clone a VM',
    positionals: ['source-name', 'new-name'],
    flags: [...insecure, '--deduplicate'],
    options: { '--concurrency': 'uint64', '--prune-limit': 'uint64' },
  },
  pull: {
    name: 'pull',
    usage: '<remote-name> [--insecure] [--concurrency <concurrency>]',
    about: 'Pull a VM from a registry',
    positionals: ['remote-name'],
    flags: [...insecure, '--deduplicate'],
    options: { '--concurrency': 'uint64' },
  },
  set: {
    name: 'set',
    usage: '<name> [--cpu <cpu>] [--memory <memory>] [--display <display>] [--random-mac] [--disk <disk>] [--disk-size <disk-size>]',
    about: "Modify VM's configuration",
    positionals: ['name'],
    flags: ['--display-refit', '--no-display-refit', '--random-mac', '--random-serial'],
    options: { '--cpu': 'uint16', '--memory': 'uint64', '--display': 'text', '--disk': 'text', '--disk-size': 'uint16' },
  },
  run: {
    name: 'run',
    usage: '[<options>] <name>',
    about: 'Run a VM',
    positionals: ['name'],
    flags: [
      ...['--no-graphics', '--graphics', '--serial', '--no-audio', '--no-clipboard', '--no-pointer', '--no-keyboard', '--no-trackpad'],
      ...['--recovery', '--vnc', '--vnc-experimental', '--net-softnet', '--net-host', '--nested', '--suspendable', '--capture-system-keys'],
    ],
    options: {
      '--serial-path': 'text',
      '--disk': 'text',
      '--root-disk-opts': 'text',
      '--rosetta': 'text',
      '--dir': 'text',
      '--net-bridged': 'text',
      '--net-softnet-allow': 'text',
      '--net-softnet-block': 'text',
      '--net-softnet-expose': 'text',
    },
  },
  stop: {
    name: 'stop',
    usage: '<name> [--timeout <timeout>]',
    about: 'Stop a VM',
    positionals: ['name'],
    short: { '-t': '--timeout' },
    options: { '--timeout': 'uint64' },
  },
  suspend: { name: 'suspend', usage: '<name>', about: 'Suspend a VM', positionals: ['name'] },
  ip: {
    name: 'ip',
    usage: '<name> [--wait <wait>] [--resolver <resolver>]',
    about: "Get VM's IP address",
    positionals: ['name'],
    options: { '--wait': 'uint16', '--resolver': ['dhcp', 'arp', 'agent'] },
  },
  delete: { name: 'delete', usage: '<name> ...', about: 'Delete a VM', positionals: ['name'], repeats: true },
  rename: { name: 'rename', usage: '<name> <new-name>', about: 'Rename a local VM', positionals: ['name', 'new-name'] },
  create: {
    name: 'create',
    usage: '<name> [--linux] [--disk-size <disk-size>]',
    about: 'Create a VM',
    positionals: ['name'],
    flags: ['--linux'],
    options: { '--disk-size': 'uint16', '--from-ipsw': 'text', '--disk-format': ['raw', 'asif'] },
  },
  prune: {
    name: 'prune',
    usage: '[--entries <entries>] [--older-than <older-than>] [--space-budget <space-budget>]',
    about: 'Prune OCI and IPSW caches or local VMs',
    positionals: [],
    options: { '--entries': ['caches', 'vms'], '--older-than': 'uint64', '--space-budget': 'uint64' },
  },
  login: {
    name: 'login',
    usage: '<host> [--username <username>] [--password-stdin] [--insecure] [--no-validate]',
    about: 'Login to a registry',
    positionals: ['host'],
    flags: [...insecure, '--password-stdin', '--no-validate'],
    options: { '--username': 'text' },
  },
  logout: { name: 'logout', usage: '<host>', about: 'Logout from a registry', positionals: ['host'] },
  fqn: { name: 'fqn', usage: '<name>', about: "Get a fully-qualified VM's name", positionals: ['name'] },
} as const satisfies Record<string, CommandSpec>;

export type SubcommandName = keyof typeof specs;

export const execSpec = { name: 'exec', usage: '[-i] [-t] <name> <command> ...', about: 'Execute a command in a running VM' } as const;
