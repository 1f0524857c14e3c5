import { HOST_ENV, output } from '../programs.ts';

/** Where Debian puts programs, and where the stand-in Mac looks for them: what is elsewhere does not count. */
const DEBIAN_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
/** Debian 13 has the docker CLI in a package of its own, before it came with the engine. */
const DOCKER = { cli: 'docker-cli', before: 'docker.io' } as const;
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
  git: 'git',
  rsync: 'rsync',
  [DOCKER.cli]: 'docker',
} as const;

const missing = (): string[] =>
  Object.entries(NEEDED)
    .filter(([, program]) => Bun.which(program, { PATH: DEBIAN_PATH }) === null)
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
  const known = async (name: string) => (await output(['apt-cache', 'search', '--names-only', `^${name}$`])) !== '';
  const names = await Promise.all(absent.map(async (name) => (name !== DOCKER.cli || (await known(name)) ? name : DOCKER.before)));
  await output(['apt-get', 'install', '--yes', '--no-install-recommends', ...names], env);
}
