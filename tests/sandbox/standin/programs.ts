import type { Context } from './context.ts';

/** Resolves to the exit code. */
export type Program = (context: Context) => number | Promise<number>;

type Loader = () => Promise<Program>;

/** Imports stay lazy: a program pays for its own code alone. */
export const programs: Readonly<Record<string, Loader>> = {
  tart: async () => (await import('../tart/main.ts')).tart,
  'tart-guest-agent': async () => (await import('../agent/main.ts')).guestAgent,
  'scratch-machine': async () => (await import('../scratch/machine.ts')).machine,
  uname: async () => (await import('../host/uname.ts')).uname,
  sw_vers: async () => (await import('../host/macos.ts')).swVers,
  sysctl: async () => (await import('../host/macos.ts')).sysctl,
  launchctl: async () => (await import('../host/macos.ts')).launchctl,
  security: async () => (await import('../host/macos.ts')).security,
  route: async () => (await import('../host/macos.ts')).route,
  df: async () => (await import('../host/macos.ts')).df,
  brew: async () => (await import('../host/brew.ts')).brew,
  sshpass: async () => (await import('../host/sshpass.ts')).sshpass,
  ssh: async () => (await import('../host/ssh.ts')).ssh,
  scp: async () => (await import('../host/scp.ts')).scp,
  'ssh-copy-id': async () => (await import('../host/ssh-copy-id.ts')).sshCopyId,
  'ssh-keygen': async () => (await import('../host/ssh-keygen.ts')).sshKeygen,
  'ssh-add': async () => (await import('../host/ssh-add.ts')).sshAdd,
  docker: async () => (await import('../host/docker.ts')).docker,
  'guest:bash': async () => (await import('../scratch/shell.ts')).shell,
  'guest:sh': async () => (await import('../scratch/shell.ts')).shell,
  'guest:sudo': async () => (await import('../scratch/sudo.ts')).sudo,
  'guest:env': async () => (await import('../scratch/wrappers.ts')).wrapper,
  'guest:timeout': async () => (await import('../scratch/wrappers.ts')).wrapper,
  'guest:nohup': async () => (await import('../scratch/wrappers.ts')).wrapper,
  'guest:setsid': async () => (await import('../scratch/wrappers.ts')).wrapper,
  'guest:nice': async () => (await import('../scratch/wrappers.ts')).wrapper,
  'guest:stdbuf': async () => (await import('../scratch/wrappers.ts')).wrapper,
  'guest:flock': async () => (await import('../scratch/wrappers.ts')).flock,
  'guest:install': async () => (await import('../scratch/coreutils.ts')).install,
  'guest:mktemp': async () => (await import('../scratch/coreutils.ts')).mktemp,
  'guest:shutdown': async () => (await import('../scratch/power.ts')).powerOff,
  'guest:poweroff': async () => (await import('../scratch/power.ts')).powerOff,
  'guest:halt': async () => (await import('../scratch/power.ts')).powerOff,
  'guest:systemctl': async () => (await import('../scratch/power.ts')).systemctl,
  'guest:apt-get': async () => (await import('../scratch/apt.ts')).apt,
  'guest:apt-fast': async () => (await import('../scratch/apt.ts')).apt,
  'guest:apt': async () => (await import('../scratch/apt.ts')).apt,
  'guest:add-apt-repository': async () => (await import('../scratch/apt.ts')).addRepository,
  'guest:apt-cache': async () => (await import('../scratch/apt.ts')).aptCache,
  'guest:dpkg': async () => (await import('../scratch/apt.ts')).dpkg,
  'guest:dpkg-query': async () => (await import('../scratch/apt.ts')).dpkg,
  'guest:curl': async () => (await import('../scratch/network.ts')).curl,
  'guest:uname': async () => (await import('../host/uname.ts')).guestUname,
  'guest:ip': async () => (await import('../scratch/network.ts')).ip,
  'guest:hostname': async () => (await import('../scratch/network.ts')).hostname,
  'guest:fuser': async () => (await import('../scratch/accounts.ts')).fuser,
  'guest:id': async () => (await import('../scratch/accounts.ts')).id,
  'guest:whoami': async () => (await import('../scratch/accounts.ts')).whoami,
  'guest:groups': async () => (await import('../scratch/accounts.ts')).groups,
  'guest:getent': async () => (await import('../scratch/accounts.ts')).getent,
  'guest:usermod': async () => (await import('../scratch/accounts.ts')).usermod,
  'guest:mount': async () => (await import('../scratch/mount.ts')).mount,
  'guest:mountpoint': async () => (await import('../scratch/mount.ts')).mountpoint,
  'guest:date': async () => (await import('../scratch/wrappers.ts')).date,
  'guest:pgrep': async () => () => 1,
  'guest:*': async () => () => 0,
};

/** Started by the sandbox itself, not by what is tested. */
export const unseen: ReadonlySet<string> = new Set(['tart-guest-agent', 'scratch-machine']);
