import { expect, test } from 'bun:test';
import { type CommandDef, renderUsage } from 'citty';
import { GROUPS, ROOT } from '../../../src/cli/tree.ts';
import { WORDS } from './leaves.ts';

const usage = async (tree: CommandDef) => Bun.stripANSI(await renderUsage(tree));

test('the tree is one of citty, whose own usage page finds every command, action and summary in it', async () => {
  const page = await usage(ROOT);
  for (const [name, { meta }] of Object.entries(ROOT.subCommands))
    expect(page).toMatch(new RegExp(`${name} +${escaped(meta.description)}`));
  const source = await usage(ROOT.subCommands.source);
  expect(source).toMatch(/^USAGE .*list\|add\|rm\|move$/m);
  expect(source).toContain('List the sources in order of priority');
});

test('each command stands in one group', () => {
  expect(GROUPS.flatMap(({ commands }) => Object.keys(commands))).toEqual([...WORDS]);
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
