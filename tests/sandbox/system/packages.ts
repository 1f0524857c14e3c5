import { HOST_ENV, output } from './programs.ts';

/** Debian packages of the host that the system guest and the tests on it need, each with a program that it brings. */
const NEEDED = {
  'systemd-container': 'systemd-nspawn',
  mmdebstrap: 'mmdebstrap',
  iproute2: 'ip',
  'util-linux': 'unshare',
  sshpass: 'sshpass',
  'openssh-client': 'ssh-copy-id',
  shellcheck: 'shellcheck',
  tmux: 'tmux',
} as const;

const missing = (): string[] =>
  Object.entries(NEEDED)
    .filter(([, program]) => Bun.which(program, { PATH: HOST_ENV.PATH }) === null)
    .map(([name]) => name);

/** Why no system guest can run here, or undefined. Synchronous, for `test.skipIf`. */
export function whyUnsupported(): string | undefined {
  if (process.platform !== 'linux') return 'system guests need Linux';
  if (process.getuid?.() !== 0) return 'system guests need root';
  const absent = missing();
  if (absent.length > 0) return `system guests need ${absent.join(', ')} (bun run test:system installs them)`;
  // Root in a container is often less than root.
  if (Bun.spawnSync(['unshare', '--mount', 'true'], { env: HOST_ENV }).exitCode !== 0) return 'system guests need mount namespaces';
  return undefined;
}

/** Installs with apt-get what is missing, after naming it. */
export async function ensurePackages(say: (line: string) => void = console.error): Promise<void> {
  const absent = missing();
  if (absent.length === 0) return;
  say(`installing with apt-get: ${absent.join(' ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await output(['apt-get', 'update'], env);
  await output(['apt-get', 'install', '--yes', '--no-install-recommends', ...absent], env);
}
