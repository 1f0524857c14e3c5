import type { App } from '../../app.ts';
import type { Lookup } from '../../commands/shared/args.ts';
import { command } from '../../commands/shared/command.ts';
import { passthrough } from '../../commands/shared/kinds.ts';
import { currentList, IMAGES, SOURCES } from '../../images/configured-lists.ts';
import { DEFAULT_VERSION } from '../../images/reference.ts';
import { isVmName } from '../../state/grammar.ts';
import { stripControl } from '../../text/control.ts';
import { type Candidate, candidates } from './candidates.ts';

type LookupContext = Pick<App, 'tart' | 'store'>;

/** The releases with long support, which have images: asking a registry would take longer than anybody waits for a Tab. */
const LONG_SUPPORT = ['22.04', '24.04', '26.04'];

/** Lookups for a Tab. They use no network and at most one program, so that it is answered at once. */
const LOOKUPS: Readonly<Record<Exclude<Lookup, 'files'>, (app: LookupContext) => Promise<Candidate[]>>> = {
  vms: async ({ tart }) =>
    (await tart.list()).flatMap(({ name, status }) => (mayBeOffered(name) ? [{ value: name, explanation: status }] : [])),
  sources: async (app) => plain(currentList(app, SOURCES).items),
  images: async (app) => plain(currentList(app, IMAGES).items),
  versions: async () => LONG_SUPPORT.map((value) => ({ value, explanation: value === DEFAULT_VERSION ? 'default' : '' })),
};

/** Answers the completion scripts. Failures are not told: the user is in the middle of a line. */
export default command({
  args: { words: passthrough('the words after rusta, of which the last one is being typed') },
  details: "Prints a candidate a line, a tab, an explanation; or ':file' alone where a file is awaited.",
  examples: [
    ['rusta __complete -- up la', 'names of VMs that begin with la'],
    ["rusta __complete -- ''", 'all commands'],
  ],
  requires: 'none',
  stdout: 'result',
  document: 'none',
  async run({ args: { words }, data: app }) {
    const typed = words.at(-1) ?? '';
    const { fixed, lookup, prefix } = await candidates(words);
    if (lookup === 'files') {
      app.out.data(':file');
      return;
    }
    const found = lookup === undefined ? [] : await LOOKUPS[lookup](app).catch(() => []);
    const all = [...fixed, ...found.map(({ value, explanation }) => ({ value: prefix + value, explanation }))];
    const lines = all.filter(({ value }) => value.startsWith(typed)).map(({ value, explanation }) => `${value}\t${explanation}`);
    if (lines.length > 0) app.out.data(lines.join('\n'));
  },
});

/** Tells whether to offer a VM: other commands must take its name (D27), and it must fit on the line that a shell reads here. */
function mayBeOffered(name: string): boolean {
  return isVmName(name) && stripControl(name) === name && !/[\t\n]/.test(name);
}

function plain(values: readonly string[]): Candidate[] {
  return values.map((value) => ({ value, explanation: '' }));
}
