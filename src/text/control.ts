// CSI and OSC sequences, of seven bits and of eight; other two-byte escapes; the carriage returns of redrawn lines; and stray control
// characters. Single escapes are matched last, so that removing one cannot join its neighbours into a new sequence.
const CONTROL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c\x9d]*(?:\x07|\x1b\\|\x9c)|\x1b[ -~]|\r(?=\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/** They let the text after them be read from right to left, so that a name looks like another one. */
const BIDI = /[\u202a-\u202e\u2066-\u2069]/g;

/** Returns a text without characters that only a terminal understands; tabs, line ends and lone carriage returns stay. */
export function stripControl(text: string): string {
  return text.replace(CONTROL, '').replace(BIDI, '');
}

/** Returns such a text for a message of ours, which may quote anything: nothing in it may write over other text on the screen. */
export function printable(text: string): string {
  return stripControl(text).replaceAll('\r', ' ');
}

/** Returns such a text on one line, without needless spaces around and between words. */
export function oneLine(text: string): string {
  return cellText(text).replace(/ +/g, ' ').trim();
}

/** Returns a name for one row of a table: a name of two lines must not look like two rows, but it keeps all its spaces. */
export function cellText(text: string): string {
  return stripControl(text).replace(/\s/g, ' ');
}
