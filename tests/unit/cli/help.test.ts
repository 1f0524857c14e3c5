import { expect, test } from 'bun:test';
import { branchHelp, commandHelp, rootHelp } from '../../../src/cli/help/help.ts';
import { topicRows } from '../../../src/cli/help/topics.ts';
import { environmentPage, exitCodesPage } from '../../../src/cli/topics/reference-pages.ts';
import { isBranch, ROOT } from '../../../src/cli/tree.ts';
import { colorsFor } from '../../../src/ui/colors.ts';
import { LEAVES, WORDS } from './leaves.ts';

const plain = colorsFor(false);

/** A terminal of 40 lines shows as many and the next prompt. */
const SCREEN = 39;
const onOneLine = (text: string) => text.replaceAll(/\s+/g, ' ');

test('the top page names every command and every topic, and fits one screen', () => {
  const page = rootHelp(plain);
  expect(page).toStartWith('Usage: rusta');
  expect(page).toContain('\nCommands:\n');
  for (const name of WORDS) expect(page).toMatch(new RegExp(`^  ${name} `, 'm'));
  for (const [name] of topicRows()) expect(page.split('\n').at(-1)).toContain(name);
  expect(page.split('\n').length).toBeLessThanOrEqual(SCREEN);
});

test('no line of a page is wider than 80 columns', async () => {
  const pages = [rootHelp(plain), exitCodesPage(), environmentPage()];
  for (const [name, leaf] of LEAVES) pages.push(commandHelp({ name, summary: leaf.meta.description, command: await leaf.load() }, plain));
  for (const [name, node] of Object.entries(ROOT.subCommands)) if (isBranch(node)) pages.push(branchHelp(name, node, plain));
  expect(pages.flatMap((page) => page.split('\n')).filter((line) => line.length > 80)).toEqual([]);
});

test.each(LEAVES)('%s: its page shows usage, flags with defaults, and two or three examples', async (name, leaf) => {
  const command = await leaf.load();
  const page = onOneLine(commandHelp({ name, summary: leaf.meta.description, command }, plain));
  expect(page).toStartWith(`Usage: rusta ${name}`);
  expect([2, 3]).toContain(command.examples.length);
  for (const def of Object.values(command.args)) {
    expect(page).toContain(onOneLine(def.description));
    if (def.type === 'string' && def.default !== undefined) expect(page).toContain(`default: ${def.default}`);
  }
});
