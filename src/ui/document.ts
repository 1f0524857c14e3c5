import type { Result } from '../contract/results.ts';

/** Characters that JSON leaves as they are, but that a terminal would obey or an editor take for a line end. */
const LEFT_BY_JSON = /[\u007f-\u009f\u2028\u2029]/g;

/** Returns the document of a command that succeeded, as one line. */
export function successDocument(result: Result): string {
  return jsonLine({ schema: 1, ok: true, result });
}

/** Returns a value as one line of JSON, its end included, in which nothing acts on a terminal. */
export function jsonLine(value: object): string {
  const text = JSON.stringify(value).replace(LEFT_BY_JSON, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `${text}\n`;
}
