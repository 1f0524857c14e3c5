import { UsageError } from '../errors.ts';
import type { Colors } from '../ui/colors.ts';
import type { CliContext } from './context.ts';
import { passthroughOf } from './flags.ts';
import { type Route, route } from './route.ts';

/** Understands a command line, does what it says, and resolves with the exit code. Throws UsageError for a wrong line, and RustaError. */
export async function run(argv: readonly string[], context: CliContext): Promise<number> {
  const asked = route(argv);
  if (asked.kind === 'command') return runCommand(asked, context);
  if (asked.kind === 'version') await context.answer(context.version, { version: context.version });
  else await explain(asked, context);
  return 0;
}

type Asked<Kind extends Route['kind']> = Extract<Route, { readonly kind: Kind }>;

async function runCommand({ name, leaf, words }: Asked<'command'>, context: CliContext): Promise<number> {
  const [command, { parseLine }] = await Promise.all([leaf.load(), import('./parse.ts')]);
  const line = parseLine(name, command, words);
  if (line.help) {
    const { commandHelp } = await import('./help/help.ts');
    const text = commandHelp({ name, summary: leaf.meta.description, command }, await helpColors(context));
    await context.answer(text, { topic: name, text });
    return 0;
  }
  if (line.globals.json && command.document === 'none') throw new UsageError(`'rusta ${name}' has no --json`, name);
  const progressTo = command.stdout === 'result' ? 'stderr' : 'stdout';
  // A remote command may have effects beyond its output, so its exit code counts even if nobody reads that.
  const readerMayLeave = progressTo === 'stderr' && passthroughOf(command.args) === undefined;
  const [{ invoke }, app] = await Promise.all([import('./invoke.ts'), context.createApp({ ...line.globals, progressTo, readerMayLeave })]);
  const code = await invoke(command, line.args, words, app);
  app.out.succeed();
  return code;
}

/** Answers with a page that is not about one command. */
async function explain(asked: Asked<'help' | 'branch help' | 'topic'>, context: CliContext): Promise<void> {
  if (asked.kind === 'topic') {
    const text = await asked.topic.load();
    return context.answer(text, { topic: asked.name, text });
  }
  const [{ branchHelp, rootHelp }, colors] = await Promise.all([import('./help/help.ts'), helpColors(context)]);
  const text = asked.kind === 'help' ? rootHelp(colors) : branchHelp(asked.name, asked.branch, colors);
  return context.answer(text, { topic: asked.kind === 'help' ? null : asked.name, text });
}

async function helpColors({ env, json, openStdio }: CliContext): Promise<Colors> {
  const [stdio, { colorsFor, wantsColor }] = await Promise.all([openStdio(), import('../ui/colors.ts')]);
  return colorsFor(!json && wantsColor(env, stdio.isTerminal(1)));
}
