/**
 * Tells whether the answer to a command line is a document (D22). That must be known even of a wrong line, so nothing else of it is
 * understood. No flag takes `--json` for its value. Pure.
 */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? argv.length : end).some((word) => word === '--json' || word.startsWith('--json='));
}
