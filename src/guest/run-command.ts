import { quote } from '../text/shell.ts';
import { setClockQuietly } from '../tools/guest-clock.ts';
import { bashInput, constants } from './script.ts';
import runCommand from './scripts/run-command.sh' with { type: 'text' };

/** In memory, and gone with the boot. */
const FOLDER = '/run/rusta-run';
/** What is run there: it removes itself, for it holds the values of variables. */
const START_FILE = `${FOLDER}/start`;
/** Where the exit code of the command is left: that of `tart exec` is no proof (docs/tart.md, trap 8). */
const CODE_FILE = `${FOLDER}/code`;

export type Variables = Readonly<Record<string, string>>;

/** Returns the script that runs the command which its arguments name; it holds secrets. */
export function startScript(variables: Variables): string {
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}=${quote(value)}`);
  const files = constants({ RUSTA_START_FILE: START_FILE, RUSTA_CODE_FILE: CODE_FILE });
  return bashInput([files, ['set_variables() {', ':', ...exports, '}'].join('\n'), runCommand]);
}

/**
 * The guest program that puts that script, which it reads, where only the user can read it; and sets the clock by that of the Mac (D25).
 * Milliseconds since 1970.
 */
export function putStartScript(user: string, now: number): readonly string[] {
  const put = `${setClockQuietly(now)}; umask 077 && mkdir -p ${FOLDER} && cat > ${START_FILE} && chown -R ${quote(user)} ${FOLDER}`;
  return ['sudo', 'sh', '-c', put];
}

interface Login {
  readonly user: string;
  /** The guest agent runs as that user. */
  readonly isAgents: boolean;
}

interface Place {
  /** Empty for home. */
  readonly folder: string;
  /** The kind of terminal, empty for none. */
  readonly terminal: string;
}

/** The guest program that runs the command as that user: one word is a command line of its own, several keep their boundaries (D12). */
export function startCommand({ user, isAgents }: Login, { folder, terminal }: Place, words: readonly string[]): readonly string[] {
  const [line, ...more] = words;
  const command = more.length === 0 && line !== undefined ? ['bash', '-c', line] : words;
  // The agent's own user has no login files, and needs none.
  const as = isAgents ? [] : ['sudo', '-n', '-H', '-u', user, '--'];
  return [...as, 'bash', START_FILE, folder, terminal, ...command];
}

/** The guest program that prints the exit code. */
export const SHOW_CODE: readonly string[] = ['sudo', 'cat', CODE_FILE];

/** Reads what it printed; undefined where that is no exit code. */
export function parseCode(stdout: string): number | undefined {
  const text = stdout.trim();
  return /^\d{1,3}$/.test(text) ? Number(text) : undefined;
}
