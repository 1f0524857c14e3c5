import packageJson from '../package.json' with { type: 'json' };
import { run } from './cli/run.ts';
import { ReportedError } from './errors.ts';
import type { Stdio } from './system/stdio.ts';
import type { Output } from './ui/output.ts';

const env = readEnvironment();
// picocolors decides for itself when it is loaded, and opens process.stdout to do so (10 ms). We decide (ui/colors.ts).
process.env['NO_COLOR'] = '1';
let stdio: Stdio | undefined;
let out: Output | undefined;

try {
  process.exitCode = await run(process.argv.slice(2), {
    version: packageJson.version,
    // The one call that costs nothing at start-up (docs/decisions.md, section 4).
    // biome-ignore lint/suspicious/noConsole: for version and help there is no writer yet
    print: (text) => console.log(text),
    env,
    openStdio,
    async createApp(options) {
      // Loaded only when a command is to run: `--version` and help must not pay for it.
      const { composeApp, composeOutput } = await import('./compose.ts');
      const world = { env, stdio: await openStdio() };
      out = composeOutput(world, options);
      return composeApp(world, out, options.verbose);
    },
  });
} catch (error) {
  process.exitCode = await report(error);
}

async function openStdio(): Promise<Stdio> {
  stdio ??= (await import('./system/stdio.ts')).createStdio();
  return stdio;
}

/** The one place where an error becomes text and an exit code. Only our own bugs show a stack. */
async function report(error: unknown): Promise<number> {
  const [{ composeOutput }, { errorCode }] = await Promise.all([import('./compose.ts'), import('./system/errno.ts')]);
  out ??= composeOutput({ env, stdio: await openStdio() }, { verbose: false, log: undefined, progressTo: 'stderr' });
  if (error instanceof ReportedError) {
    out.error(error.message, error.hint);
    return error.exitCode;
  }
  const code = errorCode(error);
  if (code !== undefined && error instanceof Error && 'syscall' in error) {
    out.error(`a system call failed: ${error.message}`);
    return 1;
  }
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  out.error(`this is a bug in rusta, please report it at ${packageJson.repository}/issues`, details);
  return 1;
}

/** The user's environment, less what would make Tart send traces (docs/tart.md, section 2). */
function readEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || name === 'TRACEPARENT' ? [] : [[name, value] as const],
  );
  return Object.fromEntries(entries);
}
