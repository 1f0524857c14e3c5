import { expect, test } from 'bun:test';
import { parseLine } from '../../src/cli/parse.ts';
import { route } from '../../src/cli/route.ts';
import type { ArgDefs } from '../../src/commands/shared/args.ts';
import { anyLine, commands, correct, readAs } from './argv-arbitrary.ts';
import { assertRefusal, checkAsync } from './fuzz.ts';

/** Follows a command line to the command's door. undefined for help and version. Throws what the product throws. */
async function understand(argv: readonly string[]) {
  const asked = route(argv);
  if (asked.kind !== 'command') return undefined;
  const line = parseLine(asked.name, await asked.leaf.load(), asked.words);
  return line.help ? undefined : { command: asked.name, values: line.args };
}

test('a correct line arrives as it was meant, every value and every word behind `--`', async () => {
  await checkAsync('correct command lines', correct, async ({ argv, command, values }) => {
    expect(await understand(argv)).toEqual({ command, values });
  });
});

test('any line is refused in one clear sentence, or holds only what was declared', async () => {
  let accepted = 0;
  await checkAsync('any command line', anyLine, async (argv) => {
    const given = await understand(argv).catch((error: unknown) => {
      assertRefusal(error);
      return undefined;
    });
    if (given === undefined) return;
    accepted += 1;
    const command = commands.find(({ name }) => name === given.command)?.command;
    const args: ArgDefs = command?.args ?? {};
    for (const pair of command?.conflicts ?? [])
      expect(pair.every((key) => given.values[key] !== undefined && given.values[key] !== false)).toBe(false);
    const end = argv.indexOf('--');
    const before = end < 0 ? argv : argv.slice(0, end);
    expect(Object.keys(given.values)).toEqual(Object.keys(args));
    for (const [key, value] of Object.entries(given.values)) {
      const def = args[key];
      if (def !== undefined && 'passthrough' in def) expect(value).toEqual(end < 0 ? [] : argv.slice(end + 1));
      else if (def?.type === 'boolean') expect(value).toBeBoolean();
      else expect(comesFrom(before, def, value)).toBe(true);
    }
  });
  expect(accepted).toBeGreaterThan(500);
});

/** Nothing comes from nowhere: each value is what its argument makes of a word of the line, of its default, or of standing alone. */
function comesFrom(line: readonly string[], def: ArgDefs[string] | undefined, value: unknown): boolean {
  if (def === undefined || def.type === 'boolean' || 'passthrough' in def) return false;
  if ('repeats' in def && def.repeats) {
    const { repeats: _, ...once } = def;
    return Array.isArray(value) && value.every((one) => one !== undefined && comesFrom(line, once, one));
  }
  if (value === undefined) return !('required' in def && def.required) && def.default === undefined;
  const own = [def.default, 'bare' in def ? def.bare : undefined].filter((word) => word !== undefined);
  const words = line.flatMap((word) => [word, word.slice(word.indexOf('=') + 1)]);
  return [...own, ...words].some((word) => {
    try {
      return Bun.deepEquals(readAs(def, word), value);
    } catch (error) {
      assertRefusal(error);
      return false;
    }
  });
}
