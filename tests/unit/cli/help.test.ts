import { expect, test } from 'bun:test';
import { commandHelp, rootHelp } from '../../../src/cli/help.ts';
import { colorsFor } from '../../../src/ui/colors.ts';
import { LEAVES, WORDS } from './leaves.ts';

const plain = colorsFor(false);

test('the top page names every command, the exit codes and the environment', () => {
  const page = rootHelp(plain);
  expect(page).toStartWith('Usage: rusta');
  for (const name of WORDS) expect(page).toMatch(new RegExp(`^  ${name} `, 'm'));
  expect(page).toContain('RUSTA_AGENT_TIMEOUT');
  expect(page).toMatch(/^ {2}2 +VM not found$/m);
});

test.each(LEAVES)('%s: its page shows usage, flags with defaults, and two or three examples', async (name, leaf) => {
  const command = await leaf.load();
  const page = commandHelp({ name, summary: leaf.meta.description, command }, plain);
  expect(page).toStartWith(`Usage: rusta ${name}`);
  expect([2, 3]).toContain(command.examples.length);
  for (const def of Object.values(command.args)) {
    expect(page).toContain(def.description);
    if (def.type === 'string' && def.default !== undefined) expect(page).toContain(`default: ${def.default}`);
  }
});
