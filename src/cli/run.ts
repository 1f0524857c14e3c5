import type { Colors } from '../ui/colors.ts';
import type { CliContext } from './context.ts';
import { route } from './route.ts';

/** For shells and packagers, not for people: no help names them. Loaded only when they are asked for. */
const HIDDEN: ReadonlyMap<string, (args: readonly string[], context: CliContext) => Promise<number>> = new Map([
  ['completions', async (args, context) => (await import('./completion/entry.ts')).printScript(args, context)],
  ['__complete', async (args, context) => (await import('./completion/entry.ts')).printCandidates(args, context)],
]);

/** Understands a command line and does what it says; the exit code. Throws RustaError, UsageError for a line that is wrong. */
export async function run(argv: readonly string[], context: CliContext): Promise<number> {
  const hidden = HIDDEN.get(argv[0] ?? '');
  if (hidden !== undefined) return hidden(argv.slice(1), context);
  const asked = route(argv);
  if (asked.kind === 'version') {
    context.print(context.version);
    return 0;
  }
  if (asked.kind === 'help') {
    const { branchHelp, rootHelp } = await import('./help.ts');
    const colors = await helpColors(context);
    context.print(asked.branch ? branchHelp(asked.branch, colors) : rootHelp(colors));
    return 0;
  }
  const [leaf, { parseLine }] = await Promise.all([asked.entry.load(), import('./parse.ts')]);
  const line = parseLine(leaf, asked.rest);
  if (line.globals.help) {
    const { commandHelp } = await import('./help.ts');
    context.print(commandHelp(leaf, await helpColors(context)));
    return 0;
  }
  const progressTo = leaf.output === 'data' ? 'stderr' : 'stdout';
  const [{ invoke }, app] = await Promise.all([import('./invoke.ts'), context.createApp({ ...line.globals, progressTo })]);
  return invoke(leaf, line, app);
}

async function helpColors({ env, openStdio }: CliContext): Promise<Colors> {
  const [stdio, { colorsFor, wantsColor }] = await Promise.all([openStdio(), import('../ui/colors.ts')]);
  return colorsFor(wantsColor(env, stdio.isTerminal(1)));
}
