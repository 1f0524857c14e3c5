import type { App } from '../../app.ts';
import { UsageError } from '../../errors.ts';
import { currentList, IMAGES, SOURCES } from '../../images/list-edit.ts';
import { DEFAULT_VERSION } from '../../images/reference.ts';
import { closest } from '../../text/closest.ts';
import { isVmName } from '../../vm/name.ts';
import type { CliContext } from '../context.ts';
import { type Candidate, candidates, type Source } from './candidates.ts';
import { SCRIPTS, type Shell } from './scripts.ts';

type LiveContext = Pick<App, 'tart' | 'store'>;

const SHELLS = Object.keys(SCRIPTS);

/** Releases with long support, of which images are made: asking a registry would take longer than anybody waits for a Tab. */
const LONG_SUPPORT = ['22.04', '24.04', '26.04'];

/** No network and at most one program, so that a Tab is answered at once. */
const ASK: Readonly<Record<Exclude<Source, 'files'>, (app: LiveContext) => Promise<Candidate[]>>> = {
  // No other names are taken; and none of them is code where a shell puts it into the line.
  vms: async ({ tart }) =>
    (await tart.list()).flatMap(({ name, status }) => (isVmName(name) ? [{ value: name, explanation: status }] : [])),
  sources: async (app) => plain(currentList(app, SOURCES).items),
  images: async (app) => plain(currentList(app, IMAGES).items),
  versions: async () => LONG_SUPPORT.map((value) => ({ value, explanation: value === DEFAULT_VERSION ? 'default' : '' })),
};

/** `rusta completions <shell>`: what the shell has to load. Throws UsageError for a shell that we do not know. */
export function printScript(args: readonly string[], { print }: CliContext): number {
  const [shell = '', ...more] = args;
  if (shell === '--help' || shell === '-h') {
    print(`Usage: rusta completions <${SHELLS.join('|')}>`);
    return 0;
  }
  if (!isShell(shell))
    throw new UsageError(`completions are there for ${SHELLS.join(', ')}; not for '${shell}'`, undefined, closest(shell, SHELLS));
  if (more.length > 0) throw new UsageError(`unexpected word '${more[0]}'`);
  print(SCRIPTS[shell].trimEnd());
  return 0;
}

/** `rusta __complete -- <words>`: what may stand where the last word is being typed. Says nothing of what goes wrong: the user is in the middle of a line. */
export async function printCandidates(args: readonly string[], context: CliContext): Promise<number> {
  const words = args[0] === '--' ? args.slice(1) : args;
  const typed = words.at(-1) ?? '';
  const { fixed, live, prefix } = await candidates(words);
  if (live === 'files') {
    context.print(':file');
    return 0;
  }
  const asked = live === undefined ? [] : await ask(live, context);
  const all = [...fixed, ...asked.map(({ value, explanation }) => ({ value: prefix + value, explanation }))];
  const lines = all.filter(({ value }) => value.startsWith(typed)).map(({ value, explanation }) => `${value}\t${explanation}`);
  if (lines.length > 0) context.print(lines.join('\n'));
  return 0;
}

async function ask(live: Exclude<Source, 'files'>, { createApp }: CliContext): Promise<Candidate[]> {
  try {
    return await ASK[live](await createApp({ verbose: false, log: undefined, progressTo: 'stderr' }));
  } catch {
    return [];
  }
}

function plain(values: readonly string[]): Candidate[] {
  return values.map((value) => ({ value, explanation: '' }));
}

function isShell(word: string): word is Shell {
  return SHELLS.includes(word);
}
