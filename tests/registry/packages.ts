/** Whether the real registry can run here, and how it comes here. */
import { existsSync } from 'node:fs';

const PROGRAM = 'docker-registry';

/** Why the tests with the real registry cannot run, or undefined. */
export function whyUnsupported(): string | undefined {
  if (process.platform !== 'linux') return `${PROGRAM} is a Debian package, and this is ${process.platform}`;
  if (Bun.which('openssl') === null) return 'openssl is not on PATH';
  if (Bun.which(PROGRAM) !== null) return undefined;
  return process.getuid?.() === 0 ? `${PROGRAM} is not installed` : `${PROGRAM} is not installed, and only root may install it`;
}

async function run(...words: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const child = Bun.spawn([...words], { env, stdin: 'ignore', stdout: 'ignore', stderr: 'pipe' });
  const said = await child.stderr.text();
  if ((await child.exited) !== 0) throw new Error(`${words.join(' ')}: ${said}`);
}

/** Installs docker-registry where it is absent and can be installed; a test run calls it before the tests are loaded. */
export async function ensureRegistryPackages(): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return;
  if (Bun.which(PROGRAM) !== null || Bun.which('apt-get') === null) return;
  console.log(`installing ${PROGRAM} with apt-get (a real OCI registry for the tests)`);
  await run('apt-get', '-qy', 'update');
  await run('apt-get', '-qy', 'install', '--no-install-recommends', PROGRAM);
  // The package starts a service on port 5000; the tests want the program alone.
  if (existsSync('/run/systemd/system')) await run('systemctl', 'disable', '--now', PROGRAM);
}
