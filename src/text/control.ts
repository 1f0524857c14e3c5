// CSI and OSC sequences, of seven bits and of eight; other two-byte escapes; the carriage returns of redrawn lines; and stray
// control characters. Each escape is taken by itself at the latest: what is left when one goes must not make up another.
const CONTROL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c\x9d]*(?:\x07|\x1b\\|\x9c)|\x1b[ -~]|\r(?=\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/** Text without what only a terminal understands; tabs, line ends and lone carriage returns stay. */
export function stripControl(text: string): string {
  return text.replace(CONTROL, '');
}

/** The same for a message of ours, which may quote anything: nothing in it may write over what stands there. */
export function printable(text: string): string {
  return stripControl(text).replaceAll('\r', ' ');
}

/** The same on one line, without the spaces around and between words that nobody needs. */
export function oneLine(text: string): string {
  return cellText(text).replace(/ +/g, ' ').trim();
}

/** What a name looks like in one row of a table: two lines must not look like two rows, but all its spaces are its own. */
export function cellText(text: string): string {
  return stripControl(text).replace(/\s/g, ' ');
}
