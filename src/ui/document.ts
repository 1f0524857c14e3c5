import type { Result } from '../contract/results.ts';

/** What a terminal would obey, or an editor take for a line end; JSON lets them stand. */
const LEFT_BY_JSON = /[\u007f-\u009f\u2028\u2029]/g;

/** Returns the document of a command that went well, as one line. */
export function successDocument(result: Result): string {
  return jsonLine({ schema: 1, ok: true, result });
}

/** Returns a value as JSON on one line, its end included, without anything that acts on a terminal. */
export function jsonLine(value: object): string {
  const text = JSON.stringify(value).replace(LEFT_BY_JSON, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `${text}\n`;
}
