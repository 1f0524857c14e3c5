import { HOST_ENV } from '../sandbox/system/programs.ts';

const which = (program: string) => Bun.which(program, { PATH: HOST_ENV.PATH });

/** Why no program can be given a network of its own here, or undefined. Synchronous, for `test.skipIf`. */
export function whyNotIsolated(...programs: readonly string[]): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'network namespaces need Linux and root';
  const absent = ['unshare', 'ip', ...programs].filter((program) => which(program) === null);
  if (absent.length > 0) return `${absent.join(', ')} is missing (bun run test:mac-like installs it)`;
  return Bun.spawnSync(['unshare', '--net', 'true'], { env: HOST_ENV }).exitCode === 0 ? undefined : 'network namespaces are not allowed';
}

/** Words that run a program in a network with a loopback alone, after this set-up by a shell. */
export function isolated(setUp: string, argv: readonly string[]): [program: string, ...args: string[]] {
  const ip = which('ip') ?? 'ip';
  const script = `ip() { ${ip} "$@"; }; ip link set lo up && ${setUp} && exec "$0" "$@"`;
  return [which('unshare') ?? 'unshare', '--net', which('sh') ?? 'sh', '-c', script, ...argv];
}
