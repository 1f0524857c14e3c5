import { expect, test } from 'bun:test';
import { commandHelp, rootHelp } from '../../../src/cli/help.ts';
import { commandNames, findEntry } from '../../../src/cli/root.ts';
import { colorsFor } from '../../../src/ui/colors.ts';

const plain = colorsFor(false);

test('the top page names every command, the exit codes and the environment', () => {
  const page = rootHelp(plain);
  expect(page).toStartWith('Usage: rusta');
  for (const name of commandNames()) expect(page).toMatch(new RegExp(`^  ${name} `, 'm'));
  expect(page).toContain('RUSTA_AGENT_TIMEOUT');
  expect(page).toMatch(/^ {2}2 +VM not found$/m);
});

test.each(commandNames())('%s: its page shows usage, flags with defaults, and two or three examples', async (name) => {
  const leaf = await findEntry(name)?.load();
  if (leaf === undefined) throw new Error(`${name} does not load`);
  const page = commandHelp(leaf, plain);
  expect(leaf.name).toBe(name);
  expect(leaf.summary).toBe(findEntry(name)?.summary ?? '');
  expect(page).toStartWith(`Usage: rusta ${name}`);
  expect([2, 3]).toContain(leaf.examples.length);
  for (const def of Object.values(leaf.args)) {
    expect(page).toContain(def.description);
    if (def.type === 'string' && def.default !== undefined) expect(page).toContain(`default: ${def.default}`);
  }
});
