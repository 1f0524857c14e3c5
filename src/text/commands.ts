/** Programs whose calls hints name. */
const PROGRAM = '(?:rusta|tart|brew|docker|ssh|ssh-add|ssh-keygen)';
const FORMS = [
  // 'rusta up lab'
  new RegExp(`(?<![\\w'])'(${PROGRAM} (?:[^'\\\\]|\\\\.)+)'`, 'g'),
  // Stop it first: rusta down lab && rusta create lab --resume
  new RegExp(`: (${PROGRAM} [^'].*)$`, 'gm'),
];
/** Lines of another program, which must not become a command of ours (text/lines.ts). */
const QUOTED = /^ {2}\|.*$/gm;
/** Marks a command that must be filled in before it can be typed. */
const PLACEHOLDER = /<\w+>|\.\.\./;

/** Returns the commands that a hint names, in its order, but only those that can be typed as they are. Pure. */
export function commandsIn(hint: string): string[] {
  const ours = hint.replaceAll(QUOTED, '');
  const found = FORMS.flatMap((form) => [...ours.matchAll(form)].map((match) => ({ at: match.index, command: match[1] ?? '' })));
  const commands = found.sort((one, other) => one.at - other.at).map(({ command }) => command);
  return [...new Set(commands)].filter((command) => !PLACEHOLDER.test(command));
}
