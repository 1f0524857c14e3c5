import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020.js';
import { route } from '../../../src/cli/route.ts';
import { wantsJson } from '../../../src/cli/wants-json.ts';
import type { ErrorOfDocument } from '../../../src/contract/documents.ts';
import { definitionOf, schemaText } from '../../../src/contract/schema.ts';
import { UsageError } from '../../../src/errors.ts';
import type { RunResult } from '../spawn.ts';

type Streams = Pick<RunResult, 'stdout' | 'stderr'>;
type Ended = Streams & Pick<RunResult, 'code'>;

/** A document under --json: the schema says what is in a result. */
export interface Document {
  readonly schema: 1;
  readonly ok: boolean;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: ErrorOfDocument;
}

let validators: Ajv2020 | undefined;

function validator(definition: string): ValidateFunction {
  validators ??= new Ajv2020({ allErrors: true, allowUnionTypes: true }).addSchema(JSON.parse(schemaText()), 'rusta');
  const found = validators.getSchema(`rusta${definition}`);
  if (found === undefined) throw new Error(`the schema has no ${definition}`);
  return found;
}

function check(definition: string, value: unknown, of: string): void {
  const validate = validator(definition);
  if (!validate(value)) throw new Error(`${of} breaks the schema: ${JSON.stringify(validate.errors)}\n${JSON.stringify(value)}`);
}

/** Throws Error unless a run that was to answer with a document has done so, each of its streams by the schema, and ended as that says. */
export function checkAnswer(args: readonly string[], ended: Ended): void {
  if (!wantsJson(args)) return;
  const of = `rusta ${args.join(' ')}`;
  const document = checkStreams(args, ended, of);
  if (!document.ok && document.error?.exit !== ended.code) throw new Error(`${of} ended with ${ended.code}: ${ended.stdout}`);
}

/** The same, but for how it ended: what is killed between its document and its end has no code of its own. Returns the document. */
export function checkStreams(args: readonly string[], ended: Streams, of = `rusta ${args.join(' ')}`): Document {
  const document = parseDocument(ended.stdout, of);
  const definition = document.ok ? definitionOfAnswer(args) : undefined;
  if (definition !== undefined) check(`#/$defs/${definition}`, document.result, of);
  for (const line of ended.stderr.split('\n').slice(0, -1)) check('#/$defs/event', JSON.parse(line), of);
  return document;
}

/** The one document of a stream. Throws Error for anything but one, on a line of its own, by the schema. */
function parseDocument(stdout: string, of: string): Document {
  if (!/^[^\n]+\n$/.test(stdout)) throw new Error(`${of} did not print one line: ${JSON.stringify(stdout)}`);
  const document: Document = JSON.parse(stdout);
  check('', document, of);
  return document;
}

/** The name below $defs of what the command answers; undefined for a page of help. */
function definitionOfAnswer(args: readonly string[]): string | undefined {
  try {
    const asked = route(args);
    if (asked.kind === 'version') return 'version';
    return asked.kind === 'command' && !args.some((word) => word === '--help' || word === '-h') ? definitionOf(asked.name) : 'help';
  } catch (error) {
    if (error instanceof UsageError) throw new Error(`rusta ${args.join(' ')} is no command line, but went well`);
    throw error;
  }
}
