import { existsSync } from 'node:fs';
import { mkdir, readFile, realpath, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { HOST_ENV, output } from '../programs.ts';
import buildScript from './base-build.sh' with { type: 'text' };
import mirrorScript from './base-mirror.sh' with { type: 'text' };
import setupScript from './base-setup.sh' with { type: 'text' };
import { distributionSources } from './sources.ts';

const INCLUDED = [
  ...['systemd', 'systemd-sysv', 'dbus', 'libpam-systemd', 'openssh-server', 'sudo', 'iproute2', 'iputils-ping'],
  ...['ca-certificates', 'procps', 'netbase', 'lsb-release'],
];
/** What provisioning, the installer of Docker and the tests of clocks install: not in the base, but in its package mirror. */
const INSTALLABLE = ['spice-vdagent', 'spice-webdavd', 'curl', 'wget', 'git', 'rsync', 'docker.io', 'libfaketime'];

/** In the sandbox's folder, a link to the base: what runs inside has another HOME, so it would look in the wrong cache. */
const LINK = 'system-base';

/** Makes the base known to the stand-ins of one sandbox; to be called before their first `clone`. */
export async function linkBase(sandbox: string, say?: (line: string) => void): Promise<void> {
  await symlink(await ensureBase(say), join(sandbox, LINK));
}

/** The base for a new VM: inside a sandbox the one that was linked there. */
export async function baseForClone(): Promise<string> {
  const sandbox = process.env['SANDBOX'];
  if (!sandbox) return ensureBase();
  return realpath(join(sandbox, LINK)).catch(() => {
    throw new Error(`no ${LINK} in ${sandbox}: call linkBase() when making a sandbox for system guests`);
  });
}

/**
 * The root folder of the base image, built if this recipe was not built before (about half a minute, from the machine's own
 * package sources). Several callers at once build it once; a build that is killed leaves nothing that the next does not reuse.
 */
export async function ensureBase(say: (line: string) => void = () => undefined): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8');
  const codename = /^VERSION_CODENAME="?([^"\n]+)/m.exec(release)?.[1];
  if (!codename) throw new Error('/etc/os-release names no VERSION_CODENAME: system guests need Debian or Ubuntu');
  const recipe = [codename, process.arch, INCLUDED, INSTALLABLE, setupScript, mirrorScript, buildScript];
  const hash = new Bun.CryptoHasher('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 16);
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'rusta-tests');
  const base = join(cache, hash);
  if (existsSync(base)) return base;

  const sources = await distributionSources(codename);
  if (sources.length === 0) throw new Error(`no apt source of ${codename} found in /etc/apt`);
  say(`building the base image of system guests in ${base}`);
  await mkdir(cache, { recursive: true });
  // A mount namespace of its own: whatever the build mounts goes with it, even when it is killed.
  const owned = ['setpriv', '--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const hooks = [mirrorScript, setupScript].map((script) => `--customize-hook=${script}`);
  const options = [`--include=${INCLUDED.join(',')}`, ...(await proxyOptions()), ...hooks];
  const build = ['sh', '-c', buildScript, 'base-build.sh', base, ...options, codename, `${base}.partial`, ...sources];
  const env = { ...process.env, ...HOST_ENV, MIRROR_PACKAGES: INSTALLABLE.join(' ') };
  await output(['flock', '--no-fork', join(cache, 'lock'), ...owned, ...build], env);
  return base;
}

/** Proxies of the machine's apt, for the apt that builds the base. */
async function proxyOptions(): Promise<string[]> {
  const settings = await output(['apt-config', 'dump', '--no-empty', '--format', '%f "%v";%n', 'Acquire']);
  return settings
    .split('\n')
    .filter((line) => /::Proxy\b/i.test(line))
    .map((line) => `--aptopt=${line}`);
}
