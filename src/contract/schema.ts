import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { DOCUMENTS, EVENT } from './documents.ts';
import { RESULTS } from './results.ts';

/** Returns the JSON Schema of all that --json prints, as text. Called while rusta is built: the program holds the result. */
export function schemaText(): string {
  const results = Object.entries(RESULTS).map(([name, schema]) => [definitionOf(name), schema] as const);
  const definitions = { ...DOCUMENTS, ...Object.fromEntries(results), event: EVENT };
  const schema = toJsonSchema(v.union(Object.values(DOCUMENTS)), { definitions, target: 'draft-2020-12' });
  const head = { title: 'rusta --json', description: DESCRIPTION };
  return JSON.stringify({ ...head, ...schema }, null, 2);
}

/** Returns the name below $defs of a command's result: `source list` is `source-list`. */
export function definitionOf(command: string): string {
  return command.replaceAll(' ', '-');
}

const DESCRIPTION =
  'The one document that rusta prints on stdout under --json. $defs has the result of each command by its name, and event: one line on stderr.';
