import { expect, test } from 'bun:test';
import { commandHelp, rootHelp } from '../../../src/cli/help.ts';
import { ALL_COMMANDS } from '../../../src/cli/root.ts';
import { colorsFor } from '../../../src/ui/colors.ts';
import { LEAVES } from './leaves.ts';

const plain = colorsFor(false);

test('the top page names every command, the exit codes and the environment', () => {
  const page = rootHelp(plain);
  expect(page).toStartWith('Usage: rusta');
  for (const { name } of ALL_COMMANDS) expect(page).toMatch(new RegExp(`^  ${name} `, 'm'));
  expect(page).toContain('RUSTA_AGENT_TIMEOUT');
  expect(page).toMatch(/^ {2}2 +VM not found$/m);
});

test.each(LEAVES)('%s: its page shows usage, flags with defaults, and two or three examples', async (name, entry) => {
  const leaf = await entry.load();
  const page = commandHelp(leaf, plain);
  expect(leaf.name).toBe(name);
  expect(leaf.summary).toBe(entry.summary);
  expect(page).toStartWith(`Usage: rusta ${name}`);
  expect([2, 3]).toContain(leaf.examples.length);
  for (const def of Object.values(leaf.args)) {
    expect(page).toContain(def.description);
    if (def.type === 'string' && def.default !== undefined) expect(page).toContain(`default: ${def.default}`);
  }
});
