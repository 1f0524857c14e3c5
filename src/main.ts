import packageJson from '../package.json' with { type: 'json' };
import type { AppOptions } from './cli/context.ts';
import { run } from './cli/run.ts';
import { wantsJson } from './cli/wants-json.ts';
import { Interrupted, RustaError } from './errors.ts';
import { findUndecoded, readEnvironment } from './system/environment.ts';
import { createStdio } from './system/terminal/stdio.ts';
import type { Output } from './ui/output.ts';
import type { Progress } from './ui/progress.ts';

const { env, forBun } = readEnvironment();
// picocolors decides for itself when it is loaded, and opens process.stdout to do so (10 ms). We decide (ui/colors.ts).
process.env['NO_COLOR'] = '1';
const stdio = createStdio();
const argv = process.argv.slice(2);
const json = wantsJson(argv);
let asked: AppOptions = { verbose: false, log: undefined, json, noInput: false, progressTo: 'stderr', readerMayLeave: true };
let out: Output | undefined;
let progress: Progress | undefined;

try {
  const undecoded = findUndecoded(argv);
  if (undecoded !== undefined) {
    throw new RustaError('usage', `the argument '${undecoded}' is not UTF-8, and rusta would change it`, {
      hint: 'Hand such bytes over on standard input or in a file: rusta ssh lab -- sh < script',
    });
  }
  process.exitCode = await run(argv, {
    version: packageJson.version,
    async answer(text, result) {
      stdio.write(1, json ? (await import('./ui/document.ts')).successDocument(result) : `${text}\n`);
    },
    json,
    env,
    openStdio: async () => stdio,
    async createApp(options) {
      asked = options;
      // Loaded only when a command is to run: `--version` and help must not pay for it.
      const { assertUsable, composeApp, composeOutput } = await import('./compose.ts');
      assertUsable(env);
      out = composeOutput({ env, stdio }, options);
      if (forBun.length > 0) out.warn(`${forBun.join(', ')}: meant for Bun, but rusta acts on it too, as it is made with Bun`);
      const app = composeApp({ env, stdio }, out, options);
      progress = app.progress;
      return app;
    },
  });
  progress?.end('done');
} catch (error) {
  process.exitCode = await report(error);
}

/** The one place where an error becomes words and an exit code. */
async function report(error: unknown): Promise<number> {
  progress?.end('stopped');
  if (error instanceof Interrupted && error.signal === 'SIGPIPE' && asked.readerMayLeave) return 0;
  const [{ composeOutput }, { failureOf }] = await Promise.all([import('./compose.ts'), import('./cli/failure-of.ts')]);
  out ??= composeOutput({ env, stdio }, { ...asked, log: undefined });
  const failure = failureOf(error, packageJson.repository);
  out.fail(failure);
  return failure.exit;
}
