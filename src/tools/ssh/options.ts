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
 * Defaults of ssh, set because a `Host *` of the user's could say something that leads elsewhere, runs something else or locks the user out
 * of a VM of their own (D12). Every ssh that may read `~/.ssh/config` knows these.
 */
const SHIELD: readonly SshOption[] = [
  // Whichever of ProxyCommand and ProxyJump comes first counts.
  ['ProxyCommand', 'none'],
  ['RemoteCommand', 'none'],
  ['PermitLocalCommand', 'no'],
  ['ControlMaster', 'no'],
  ['ControlPath', 'none'],
  ['ForwardX11', 'no'],
  ['Tunnel', 'no'],
  // A forward of the user's whose port is taken must not end the login.
  ['ExitOnForwardFailure', 'no'],
  ['AddressFamily', 'inet'],
  // Any: it outweighs BindInterface, too.
  ['BindAddress', '0.0.0.0'],
  ['CanonicalizeHostname', 'no'],
  // A key that is remembered here would switch passwords off.
  ['GlobalKnownHostsFile', '/dev/null'],
  // A list that is not there refuses every host key.
  ['RevokedHostKeys', 'none'],
  ['UpdateHostKeys', 'no'],
  ['PreferredAuthentications', 'publickey,password,keyboard-interactive'],
];

/** The same for a block in `~/.ssh/config`, by which people and programs log in: with a terminal or without, as they ask. */
export const BLOCK_SHIELD: readonly SshOption[] = [...SHIELD, ['RequestTTY', 'auto']];

/** The same for our own calls alone. */
const CALL_SHIELD: readonly SshOption[] = [
  ['PasswordAuthentication', 'yes'],
  ['KbdInteractiveAuthentication', 'yes'],
  // sshpass knows a refused password by the second prompt.
  ['NumberOfPasswordPrompts', '3'],
  ['ClearAllForwardings', 'yes'],
  ['KnownHostsCommand', 'none'],
  ['VisualHostKey', 'no'],
  ['StdinNull', 'no'],
  ['ForkAfterAuthentication', 'no'],
];

/** For commands and shells: scp asks for a subsystem, and ssh ends where both are said. */
export const SESSION_OPTIONS: readonly SshOption[] = [['SessionType', 'default']];

export interface LoginOptions {
  readonly address: string;
  /** A private key that the guest knows; undefined means passwords alone (spec 6.2). */
  readonly privateKey: string | undefined;
  /** Carries the bytes, in place of a connection to the address. */
  readonly proxyCommand: string | undefined;
  /** The socket of a connection that is shared, and opened by whoever comes first. */
  readonly shared?: string | undefined;
}

/** Seconds that a shared connection stays open without a command. */
const SHARED_S = 600;

/** The options of a login as arguments; `PubkeyAuthentication` flips once the guest knows a key of ours (spec 6.2). */
export function sshOptions({ address, privateKey, proxyCommand, shared }: LoginOptions, verbose: boolean): string[] {
  return [
    ...asArguments([
      ...SPEC_OPTIONS,
      ['PubkeyAuthentication', privateKey === undefined ? 'no' : 'yes'],
      ['LogLevel', verbose ? 'INFO' : 'ERROR'],
      // Where a key is offered nothing may be asked: ssh would ask for a passphrase where sshpass waits for `password` alone.
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

/** The options under which ssh-copy-id logs in with the password and looks whether the guest knows the key. */
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

/** Before the shield, for the first value counts. */
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

/** An agent offers all that it holds first, and after six keys the server hangs up. */
function onlyThisKey(privateKey: string): string[] {
  return ['-i', privateKey, ...asArguments([['IdentitiesOnly', 'yes']])];
}

export function asArguments(options: readonly SshOption[]): string[] {
  return options.flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}
