import packageJson from '../package.json' with { type: 'json' };
import type { AppOptions } from './cli/context.ts';
import { run } from './cli/run.ts';
import { Interrupted, ReportedError, RustaError } from './errors.ts';
import { findUndecoded, readEnvironment } from './system/environment.ts';
import { createStdio } from './system/stdio.ts';
import type { Output } from './ui/output.ts';
import type { Progress } from './ui/progress.ts';

const { env, forBun } = readEnvironment();
// picocolors decides for itself when it is loaded, and opens process.stdout to do so (10 ms). We decide (ui/colors.ts).
process.env['NO_COLOR'] = '1';
const stdio = createStdio();
let asked: AppOptions = { verbose: false, log: undefined, progressTo: 'stderr', readerMayLeave: true };
let out: Output | undefined;
let progress: Progress | undefined;

try {
  const argv = process.argv.slice(2);
  const undecoded = findUndecoded(argv);
  if (undecoded !== undefined) {
    throw new RustaError('usage', `the argument '${undecoded}' is not UTF-8, and rusta would change it`, {
      hint: 'Hand such bytes over on standard input or in a file: rusta ssh lab -- sh < script',
    });
  }
  process.exitCode = await run(argv, {
    version: packageJson.version,
    print: (text) => void stdio.write(1, `${text}\n`),
    env,
    openStdio: async () => stdio,
    async createApp(options) {
      asked = options;
      // Loaded only when a command is to run: `--version` and help must not pay for it.
      const { assertUsable, composeApp, composeOutput } = await import('./compose.ts');
      assertUsable(env);
      out = composeOutput({ env, stdio }, options);
      if (forBun.length > 0) out.warn(`${forBun.join(', ')}: meant for Bun, but rusta acts on it too, as it is made with Bun`);
      const app = composeApp({ env, stdio }, out, options.verbose);
      progress = app.progress;
      return app;
    },
  });
  progress?.end('done');
} catch (error) {
  process.exitCode = await report(error);
}

/** The one place where an error becomes text and an exit code. Only our own bugs show a stack. */
async function report(error: unknown): Promise<number> {
  progress?.end('stopped');
  if (error instanceof Interrupted && error.signal === 'SIGPIPE' && asked.readerMayLeave) return 0;
  const [{ composeOutput }, { errorCode }] = await Promise.all([import('./compose.ts'), import('./system/errno.ts')]);
  out ??= composeOutput({ env, stdio }, { ...asked, log: undefined });
  if (error instanceof ReportedError) {
    reportExpected(out, error);
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

function reportExpected(to: Output, { message, hint, isAnswer }: ReportedError): void {
  if (!isAnswer) {
    to.error(message, hint);
    return;
  }
  to.data(message);
  if (hint !== undefined) to.notice(hint);
}
