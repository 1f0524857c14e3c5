import { quote } from '../text/shell.ts';
import { setClockQuietly } from '../tools/guest-clock.ts';
import { bashInput, constants } from './script.ts';
import runCommand from './scripts/run-command.sh' with { type: 'text' };

/** A folder in memory, which is gone after the boot. */
const FOLDER = '/run/rusta-run';
/** The script that is run; it removes itself, because it holds the values of variables. */
const START_FILE = `${FOLDER}/start`;
/** The file with the exit code of the command, because that of `tart exec` is no proof (docs/tart.md, trap 8). */
const CODE_FILE = `${FOLDER}/code`;

export type Variables = Readonly<Record<string, string>>;

/** Returns the script that runs the command in its arguments. It holds secrets. */
export function startScript(variables: Variables): string {
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}=${quote(value)}`);
  const files = constants({ RUSTA_START_FILE: START_FILE, RUSTA_CODE_FILE: CODE_FILE });
  return bashInput([files, ['set_variables() {', ':', ...exports, '}'].join('\n'), runCommand]);
}

/**
 * Returns the guest program that reads that script, keeps it where only the user can read it, and sets the clock to the Mac's (D25).
 * `now` is in milliseconds since 1970.
 */
export function putStartScript(user: string, now: number): readonly string[] {
  const put = `${setClockQuietly(now)}; umask 077 && mkdir -p ${FOLDER} && cat > ${START_FILE} && chown -R ${quote(user)} ${FOLDER}`;
  return ['sudo', 'sh', '-c', put];
}

interface Login {
  readonly user: string;
  /** The guest agent runs as this user. */
  readonly isAgents: boolean;
}

interface Place {
  /** The current folder of the command; empty for the home. */
  readonly folder: string;
  /** The kind of terminal, empty for none. */
  readonly terminal: string;
}

/** Returns the guest program that runs the command as that user: one word is a command line of its own, several keep their boundaries (D12). */
export function startCommand({ user, isAgents }: Login, { folder, terminal }: Place, words: readonly string[]): readonly string[] {
  const [line, ...more] = words;
  const command = more.length === 0 && line !== undefined ? ['bash', '-c', '--', line] : words;
  // The agent's own user has no login files, and needs none.
  const as = isAgents ? [] : ['sudo', '-n', '-H', '-u', user, '--'];
  return [...as, 'bash', START_FILE, folder, terminal, ...command];
}

/** The guest program that prints the exit code. */
export const SHOW_CODE: readonly string[] = ['sudo', 'cat', CODE_FILE];

/** Reads the exit code that it printed; undefined if that is not one. */
export function parseCode(stdout: string): number | undefined {
  const text = stdout.trim();
  return /^\d{1,3}$/.test(text) ? Number(text) : undefined;
}
