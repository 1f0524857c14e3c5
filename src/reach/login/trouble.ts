import type { SshFinished } from '../../tools/ssh/ssh.ts';
import { LOCAL_NETWORK_HINT, NO_WAY } from './local-network.ts';

/** The reason of a failed login in plain words, and what to do about it. */
export interface LoginTrouble {
  readonly message: string;
  readonly hint: string;
}

interface Known {
  readonly pattern: RegExp;
  /** The message; without it ssh is quoted. */
  readonly message?: string;
  readonly hint: string;
}

const PENALTY =
  "Its sshd keeps this Mac out for a while, as it does after logins that failed or too many at once: wait some minutes, or restart it with 'tart exec <vm> sudo systemctl restart ssh'.";

/** Messages of ssh, of which the first match counts. `<vm>` stands for the VM's name. */
const KNOWN: readonly Known[] = [
  {
    // The server offers neither `password` nor `keyboard-interactive`.
    pattern: /Permission denied \((?!.*(?:password|keyboard-interactive))([^)]*)\)/,
    message: "VM '<vm>' takes no passwords",
    hint: "Allow passwords in its sshd, or let it know your key: tart exec -i <vm> sh -c 'mkdir -p ~/.ssh && cat >> ~/.ssh/authorized_keys' < ~/.ssh/id_ed25519.pub, then 'rusta ssh-setup <vm>'.",
  },
  {
    pattern: /Bad owner or permissions on/,
    message: 'ssh does not start',
    hint: "It reads no configuration that others may write: 'chmod go-w ~/.ssh/config' takes that from them.",
  },
  {
    pattern: /Bad configuration option: /,
    message: 'ssh does not start',
    hint: 'This ssh does not know a line of its own configuration. Remove it, or put `IgnoreUnknown <option>` above it.',
  },
  {
    // The line is in ~/.ssh/config, or in a file that it includes.
    pattern: /^\S+ line \d+: |terminating, \d+ bad configuration options/m,
    message: 'ssh does not start',
    hint: 'A line of its own configuration has a value that ssh does not take: mend it.',
  },
  {
    pattern: /Unable to negotiate|no matching .* found/,
    message: "ssh and the sshd of VM '<vm>' have no algorithm in common",
    hint: 'Look for Ciphers, MACs, KexAlgorithms and HostKeyAlgorithms in your ~/.ssh/config, and in the sshd_config of the guest.',
  },
  { pattern: /Not allowed at this time|Exceeded MaxStartups/, hint: PENALTY },
  { pattern: NO_WAY, hint: `${LOCAL_NETWORK_HINT} 'rusta doctor <vm>' tells which of them it is.` },
  {
    pattern: /^Connection closed by \S+ port/m,
    hint: "It hangs up at the login: the guest still boots, or the account has expired. 'tart exec <vm> sudo journalctl -u ssh -n 20' tells.",
  },
  { pattern: /Could not resolve hostname/, hint: 'Look into your ~/.ssh/config: it names another host for this address.' },
];

/** The connection broke, or was never made. */
const LOST = /\b(?:closed|reset|refused|timed out|broken pipe|shutting down|not responding)\b/i;
const LOST_HINT = "Is it still running? 'rusta list' tells; 'rusta ssh <vm> --verbose' shows more.";
const DEFAULT_HINT = "'rusta ssh <vm> --verbose' shows more.";

/** Explains a failed login by the messages of ssh in `lines`; if none is known, the last one counts. */
export function loginTrouble(vm: string, address: string, lines: readonly string[]): LoginTrouble {
  const text = lines.join('\n');
  const known = KNOWN.find(({ pattern }) => pattern.test(text));
  const line = (known === undefined ? undefined : lines.find((candidate) => known.pattern.test(candidate))) ?? lines.at(-1);
  const reason = line === undefined ? '' : `: ${line.replace(/^ssh: /, '')}`;
  const message = known?.message ?? `the connection to VM '<vm>' (${address}) failed`;
  return {
    message: `${message.replaceAll('<vm>', vm)}${reason}`,
    hint: (known?.hint ?? (line === undefined || LOST.test(text) ? LOST_HINT : DEFAULT_HINT)).replaceAll('<vm>', vm),
  };
}

/** Returns what to do about a guest that refuses connections for this reason; undefined if nothing is known about it. */
export function refusalHint(vm: string, refused: string): string | undefined {
  return KNOWN.find(({ pattern }) => pattern.test(refused))?.hint.replaceAll('<vm>', vm);
}

/** Tells whether a login failed because the guest does not know the key that was offered, or accepts no keys. */
export function isKeyRefused({ code, stderr }: Pick<SshFinished, 'code' | 'stderr'>): boolean {
  return code !== 0 && /Permission denied \([^)]*\)|Too many authentication failures/.test(stderr);
}
