import { UsageError } from '../errors.ts';
import type { Colors } from '../ui/colors.ts';
import type { CliContext } from './context.ts';
import { passthroughOf } from './flags.ts';
import { route } from './route.ts';

/** Understands a command line, does what it says, and resolves with the exit code. Throws UsageError for a wrong line, and RustaError. */
export async function run(argv: readonly string[], context: CliContext): Promise<number> {
  const asked = route(argv);
  if (asked.kind === 'version') {
    await context.answer(context.version, { version: context.version });
    return 0;
  }
  if (asked.kind === 'topic') {
    await answerHelp(context, asked.name, await asked.topic.load());
    return 0;
  }
  if (asked.kind !== 'command') {
    const { branchHelp, rootHelp } = await import('./help.ts');
    const colors = await helpColors(context);
    if (asked.kind === 'help') await answerHelp(context, null, rootHelp(colors));
    else await answerHelp(context, asked.name, branchHelp(asked.name, asked.branch, colors));
    return 0;
  }
  const [command, { parseLine }] = await Promise.all([asked.leaf.load(), import('./parse.ts')]);
  const line = parseLine(asked.name, command, asked.words);
  if (line.help) {
    const { commandHelp } = await import('./help.ts');
    const explained = { name: asked.name, summary: asked.leaf.meta.description, command };
    await answerHelp(context, asked.name, commandHelp(explained, await helpColors(context)));
    return 0;
  }
  if (line.globals.json && command.document === 'none') throw new UsageError(`'rusta ${asked.name}' has no --json`, asked.name);
  const progressTo = command.stdout === 'result' ? 'stderr' : 'stdout';
  // The output of a remote command may have an effect for which its exit code counts.
  const readerMayLeave = progressTo === 'stderr' && passthroughOf(command.args) === undefined;
  const [{ invoke }, app] = await Promise.all([import('./invoke.ts'), context.createApp({ ...line.globals, progressTo, readerMayLeave })]);
  const code = await invoke(command, line.args, asked.words, app);
  app.out.succeed();
  return code;
}

function answerHelp({ answer }: CliContext, topic: string | null, text: string): Promise<void> {
  return answer(text, { topic, text });
}

async function helpColors({ env, json, openStdio }: CliContext): Promise<Colors> {
  const [stdio, { colorsFor, wantsColor }] = await Promise.all([openStdio(), import('../ui/colors.ts')]);
  return colorsFor(!json && wantsColor(env, stdio.isTerminal(1)));
}
