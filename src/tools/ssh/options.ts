import { pathValue } from '../../state/ssh/config.ts';

export type SshOption = readonly [name: string, value: string];

/** A new VM often gets the address of a deleted one: a remembered host key would refuse the login. (spec 6.2) */
const SPEC_OPTIONS: readonly SshOption[] = [
  ['StrictHostKeyChecking', 'no'],
  ['UserKnownHostsFile', '/dev/null'],
  ['ConnectTimeout', '10'],
  ['ServerAliveInterval', '30'],
  ['ServerAliveCountMax', '120'],
];

/**
 * Defaults of ssh, set because a `Host *` of the user could lead elsewhere, run something else or lock the user out of a VM of their own
 * (D12). Every ssh that may read `~/.ssh/config` knows these.
 */
const SHIELD: readonly SshOption[] = [
  // The first of ProxyCommand and ProxyJump counts.
  ['ProxyCommand', 'none'],
  ['RemoteCommand', 'none'],
  ['PermitLocalCommand', 'no'],
  ['ControlMaster', 'no'],
  ['ControlPath', 'none'],
  ['ForwardX11', 'no'],
  ['Tunnel', 'no'],
  // A forward of the user must not end the login if its port is taken.
  ['ExitOnForwardFailure', 'no'],
  ['AddressFamily', 'inet'],
  // Any address, which also overrides BindInterface.
  ['BindAddress', '0.0.0.0'],
  ['CanonicalizeHostname', 'no'],
  // A host key that is known here and differs would switch passwords off.
  ['GlobalKnownHostsFile', '/dev/null'],
  // A list that does not exist would make ssh refuse every host key.
  ['RevokedHostKeys', 'none'],
  ['UpdateHostKeys', 'no'],
  ['PreferredAuthentications', 'publickey,password,keyboard-interactive'],
];

/** The shield of a block in `~/.ssh/config`, by which people and programs log in: with a terminal or without, as they ask. */
export const BLOCK_SHIELD: readonly SshOption[] = [...SHIELD, ['RequestTTY', 'auto']];

/** Further options of the shield for our own calls alone. */
const CALL_SHIELD: readonly SshOption[] = [
  ['PasswordAuthentication', 'yes'],
  ['KbdInteractiveAuthentication', 'yes'],
  // sshpass recognizes a refused password by the second prompt.
  ['NumberOfPasswordPrompts', '3'],
  ['ClearAllForwardings', 'yes'],
  ['KnownHostsCommand', 'none'],
  ['VisualHostKey', 'no'],
  ['StdinNull', 'no'],
  ['ForkAfterAuthentication', 'no'],
];

/** For commands and shells only: scp asks for a subsystem, and ssh refuses both together. */
export const SESSION_OPTIONS: readonly SshOption[] = [['SessionType', 'default']];

export interface LoginOptions {
  readonly address: string;
  /** A private key that the guest knows; undefined means passwords alone (spec 6.2). */
  readonly privateKey: string | undefined;
  /** A command that carries the bytes, in place of a connection to the address. */
  readonly proxyCommand: string | undefined;
  /** The socket of a shared connection, which the first ssh that uses it opens. */
  readonly shared?: string | undefined;
}

/** Seconds that a shared connection stays open without a command. */
const SHARED_S = 600;

/** Returns the options of a login as arguments. `PubkeyAuthentication` changes once the guest knows a key of ours (spec 6.2). */
export function sshOptions({ address, privateKey, proxyCommand, shared }: LoginOptions, verbose: boolean): string[] {
  return [
    ...asArguments([
      ...SPEC_OPTIONS,
      ['PubkeyAuthentication', privateKey === undefined ? 'no' : 'yes'],
      ['LogLevel', verbose ? 'INFO' : 'ERROR'],
      // With a key ssh must ask nothing: it would ask for a passphrase, and sshpass answers only to `password`.
      ['BatchMode', privateKey === undefined ? 'no' : 'yes'],
      ...proxy(proxyCommand),
      ...sharing(shared),
      ...SHIELD,
      ...CALL_SHIELD,
      ['HostName', address],
    ]),
    ...(privateKey === undefined ? [] : onlyThisKey(privateKey)),
  ];
}

/** Returns the options with which ssh-copy-id logs in by password, and looks whether the guest knows the key. */
export function copyIdOptions({ address, proxyCommand }: Pick<LoginOptions, 'address' | 'proxyCommand'>, publicKey: string): string[] {
  return asArguments([
    ...SPEC_OPTIONS,
    ['BatchMode', 'no'],
    ...proxy(proxyCommand),
    ...SHIELD,
    ...CALL_SHIELD,
    ...SESSION_OPTIONS,
    ['RequestTTY', 'no'],
    ['HostName', address],
    ['IdentityFile', publicKey],
    ['IdentitiesOnly', 'yes'],
  ]);
}

/** Returns the options of a proxy, which come before the shield because the first value counts. */
function proxy(command: string | undefined): SshOption[] {
  return command === undefined ? [] : [['ProxyCommand', command]];
}

function sharing(socket: string | undefined): SshOption[] {
  if (socket === undefined) return [];
  return [
    ['ControlMaster', 'auto'],
    ['ControlPath', pathValue(socket)],
    ['ControlPersist', String(SHARED_S)],
  ];
}

/** Returns the options that offer this key alone: an agent would offer all its keys first, and the server hangs up after six. */
function onlyThisKey(privateKey: string): string[] {
  return ['-i', privateKey, ...asArguments([['IdentitiesOnly', 'yes']])];
}

export function asArguments(options: readonly SshOption[]): string[] {
  return options.flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}
