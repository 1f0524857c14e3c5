import type { Timeout } from '../../system/timeouts.ts';
import { TIMEOUTS, WAITS } from '../../vm/waits/waits.ts';

/** Exit codes and variables: the help and rusta(1) are printed from these tables, and a test compares README with them. */

interface Variable {
  /** One name, or several that belong together. */
  readonly names: string;
  readonly default?: string;
  readonly text: string;
}

export const EXIT_CODES = [
  ['0', 'success, also when there was nothing to do'],
  ['1', 'bad usage, something missing on the host, or a failure'],
  ['2', 'VM not found'],
  ['130, 143, 129', 'interrupted by Ctrl-C, TERM or HUP'],
] as const;

export const ENVIRONMENT: readonly Variable[] = [
  { ...inSeconds(WAITS.agent), text: 'seconds to wait for the guest agent' },
  {
    ...inSeconds(WAITS.ip),
    default: `${inSeconds(WAITS.ip).default}; rusta ip: ${inSeconds(WAITS.ipQuery).default}`,
    text: 'seconds to wait for an IP address',
  },
  { ...inSeconds(WAITS.ssh), text: 'seconds to wait for the SSH server' },
  { names: 'RUSTA_SSH_PORT', default: '22', text: "port of the guest's SSH server" },
  { names: 'RUSTA_VM', text: 'the VM where none is named, before the default' },
  { names: 'CI', text: 'unless it is false, nothing is asked' },
  { names: 'TART_HOME', default: '~/.tart', text: 'where Tart keeps its VMs' },
  { ...inSeconds(TIMEOUTS.registry), text: 'seconds to wait for the tags of one image' },
  { ...inSeconds(TIMEOUTS.provision), text: 'seconds that provisioning may take' },
  { names: 'HOMEBREW_PREFIX', default: '/opt/homebrew', text: 'where programs of Homebrew are found that PATH lacks' },
  { names: 'HTTPS_PROXY, HTTP_PROXY, NO_PROXY', text: 'proxies for the registry, and for the guest while it is set up' },
  { names: 'NODE_EXTRA_CA_CERTS', text: 'file with certificates of a private CA' },
  { names: 'NO_COLOR, CLICOLOR_FORCE', text: 'no colours; colours also without a terminal' },
];

/** Returns a row for each variable: its name, and its meaning with its default. */
export function environmentRows(): (readonly [string, string])[] {
  return ENVIRONMENT.map((variable) => [
    variable.names,
    variable.default === undefined ? variable.text : `${variable.text} (${variable.default})`,
  ]);
}

function inSeconds({ timeoutMs, timeoutVariable }: Timeout & { readonly timeoutVariable: string }) {
  return { names: timeoutVariable, default: String(timeoutMs / 1_000) };
}
