/**
 * `bun run test:mac-like [file]...`: the tests in a namespace that resembles a Mac (tests/mac-like/set-up.sh), so that what differs there is
 * found here; those whose path has one of these words, else all. Linux as root only; installs Debian packages, after naming them.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOST_ENV, output } from '../sandbox/system/programs.ts';
import { plainTests } from './files.ts';
import { buildSandbox, bun, ROOT, sh, step, tests } from './steps.ts';
import { add, closingLine, duration, type Tally } from './tally.ts';

/** Debian packages, each with a program that it brings. */
const NEEDED = { 'util-linux': 'unshare', iproute2: 'ip', 'openssh-client': 'ssh', sshpass: 'sshpass', openssl: 'openssl' } as const;
const RESULT = join(ROOT, 'dist', 'reports', 'mac-like.json');
const begin = performance.now();

if (process.argv[2] === 'inside') {
  writeFileSync(RESULT, JSON.stringify(await tests('Mac-like tests', files())));
} else if (process.platform === 'linux' && process.getuid?.() === 0) {
  const total = await all();
  console.log(`\nThe whole took ${duration(performance.now() - begin)}.\n${closingLine(total)}`);
  process.exitCode = total.failed === 0 ? 0 : 1;
} else {
  console.error('test:mac-like makes namespaces, which needs Linux and root; nothing was run.');
  process.exitCode = 1;
}

async function all(): Promise<Tally> {
  await ensurePackages();
  const ready = add(
    await step('Dependencies as locked', ...bun('install', '--frozen-lockfile')),
    await step('Build', ...bun('run', '--silent', 'build')),
    await buildSandbox(),
  );
  return ready.failed > 0 ? ready : add(ready, await inNamespace());
}

async function ensurePackages(): Promise<void> {
  const missing = Object.entries(NEEDED).flatMap(([name, program]) => (Bun.which(program, { PATH: HOST_ENV.PATH }) === null ? [name] : []));
  if (missing.length === 0) return;
  console.log(`installing with apt-get: ${missing.join(' ')} ...`);
  await output(['apt-get', 'update'], { DEBIAN_FRONTEND: 'noninteractive' });
  await output(['apt-get', 'install', '--yes', '--no-install-recommends', ...missing], { DEBIAN_FRONTEND: 'noninteractive' });
}

async function inNamespace(): Promise<Tally> {
  mkdirSync(join(ROOT, 'dist', 'reports'), { recursive: true });
  rmSync(RESULT, { force: true });
  const base = mkdtempSync('/tmp/mac-like-');
  const inside = bun(join(ROOT, 'tests', 'scripts', 'mac-like.ts'), 'inside', ...process.argv.slice(2));
  const setUp = join(ROOT, 'tests', 'mac-like', 'set-up.sh');
  // What is mounted goes with the namespace, and the folder is empty again.
  const code = await sh(['unshare', '--mount', '--net', '--propagation', 'private', '/bin/sh', setUp, base, ...inside]);
  rmSync(base, { recursive: true });
  if (code === 0) return JSON.parse(readFileSync(RESULT, 'utf8')) as Tally;
  console.log(`FAILED: the Mac-like tests did not come to their end (exit ${code})`);
  return { passed: 0, failed: 1 };
}

/** What meets the machine's programs and folders, or what those of a Mac say; the others give the same answer on any machine, at length. */
function files(): string[] {
  const words = process.argv.slice(3);
  const meeting = plainTests.filter((file) => /^tests\/(acceptance|contract|e2e|flows|mac-like|sandbox|security|unit)\//.test(file));
  const unknown = words.filter((word) => !meeting.some((file) => file.includes(word)));
  if (unknown.length > 0) throw new Error(`no test that can run here has ${unknown.join(', ')} in its path`);
  return words.length === 0 ? meeting : meeting.filter((file) => words.some((word) => file.includes(word)));
}
