// CSI and OSC sequences, other two-byte escapes, the carriage returns of redrawn lines, and stray control characters.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -~]|\r(?=\n)|[\x00-\x08\x0b\x0c\x0e-\x1a]/g;

/** Text without what only a terminal understands; tabs, line ends and lone carriage returns stay. */
export function stripControl(text: string): string {
  return text.replace(CONTROL, '');
}
