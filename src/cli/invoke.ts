import { type ArgsDef, type CommandDef, runCommand } from 'citty';
import type { App } from '../app.ts';
import type { AnyLeaf, ArgDefs } from '../commands/shared/leaf.ts';
import type { ParsedLine } from './parse.ts';

interface Data {
  readonly app: App;
  readonly words: readonly string[];
}

/** Hands a checked line to citty, which applies types and defaults, and runs the command. Resolves with its exit code. */
export async function invoke(leaf: AnyLeaf, line: ParsedLine, app: App): Promise<number> {
  const definition: CommandDef<ArgsDef> = {
    meta: { name: leaf.name, description: leaf.summary },
    args: cittyArgs(leaf.args),
    run: ({ args, data }) => {
      const { app, words }: Data = data;
      return leaf.invoke(app, args, words);
    },
  };
  const data: Data = { app, words: line.words };
  const { result } = await runCommand(definition, { rawArgs: [...line.rawArgs], data });
  return typeof result === 'number' ? result : 0;
}

function cittyArgs(args: ArgDefs): ArgsDef {
  const defs: ArgsDef = {};
  for (const [key, def] of Object.entries(args)) {
    if (def.type === 'boolean') defs[key] = { type: 'boolean', default: false };
    else if (def.type === 'string') defs[key] = { type: 'string', ...(def.default === undefined ? {} : { default: def.default }) };
    else if (def.type === 'optional') defs[key] = { type: 'string' };
    else defs[key] = { type: 'positional', required: def.required };
  }
  return defs;
}
