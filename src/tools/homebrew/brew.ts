import type { App } from '../../app.ts';
import { RustaError, ToolError } from '../../errors.ts';
import { type CapturedCommand, type Finished, succeeded } from '../../system/programs/command.ts';
import { failure, type Runner } from '../../system/programs/runner.ts';
import { keepAwake } from '../caffeinate.ts';

/** Milliseconds: Homebrew downloads, and may build. */
const INSTALL_TIMEOUT_MS = 30 * 60_000;
const QUERY_TIMEOUT_MS = 10_000;

/** Homebrew updates itself, and since version 6 asks before it installs dependencies, though nobody is there to answer. */
const QUIET = { HOMEBREW_NO_AUTO_UPDATE: '1', HOMEBREW_NO_ASK: '1' };

export interface Formula {
  /** The program that the formula brings. */
  readonly program: string;
  /** The words behind `brew install`, tried in order: the first that brings the program is taken. */
  readonly attempts: readonly (readonly string[])[];
  /** The hint for when none brings it. */
  readonly hint: string;
}

/**
 * The tap of the spec is frozen and may be refused; Tart is developed further in the second one. A formula with its full name is trusted
 * thereby, but its dependencies are not: softnet must be named too. (D14)
 */
export const TART: Formula = {
  program: 'tart',
  attempts: [['cirruslabs/cli/tart'], ['openai/tools/softnet', 'openai/tools/tart']],
  hint: "Homebrew may ask you to trust the tap first: 'brew trust openai/tools', then 'brew install openai/tools/tart'.",
};

export const SSHPASS: Formula = {
  program: 'sshpass',
  attempts: [['sshpass']],
  hint: "Install it yourself with 'brew install sshpass', then try again.",
};

/** The CLI alone: the engine runs in the VM. */
export const DOCKER: Formula = {
  program: 'docker',
  attempts: [['docker']],
  hint: "Install it yourself with 'brew install docker', then try again.",
};

export interface Brew {
  /** Installs a program if it is missing, and names it before. Throws RustaError if no attempt brings it. */
  ensure(formula: Formula): Promise<void>;
}

type Host = Pick<App, 'runner' | 'out' | 'processes' | 'progress'>;

export function createBrew(host: Host): Brew {
  return { ensure: (formula) => ensureProgram(host, formula) };
}

async function ensureProgram(host: Host, formula: Formula): Promise<void> {
  const { runner, out, progress } = host;
  if (runner.which(formula.program)) return;
  keepAwake(host);
  const failures: string[] = [];
  for (const names of formula.attempts) {
    const words = names.join(' ');
    progress.step(`Installing ${formula.program} with Homebrew (${words})`);
    const failed = await install(host, names);
    const isThere = failed === undefined && runner.which(formula.program) !== undefined;
    progress.end(isThere ? 'done' : 'stopped');
    if (isThere) return;
    failures.push(failed ?? `'brew install ${words}' exited with 0, but '${formula.program}' is not on PATH`);
    out.trace(failures.at(-1) ?? '');
  }
  const reasons = failures.join('; ');
  const hint = await hintFor(runner, formula, reasons);
  throw new RustaError('program_missing', `${formula.program} could not be installed: ${reasons}`, { hint });
}

/** Returns why it failed; undefined if it succeeded. */
async function install({ runner, out, progress }: Host, names: readonly string[]): Promise<string | undefined> {
  const command: CapturedCommand = {
    program: 'brew',
    args: ['install', ...names],
    env: QUIET,
    timeoutMs: INSTALL_TIMEOUT_MS,
    onLine(line) {
      out.program(line, false);
      progress.detail(line);
    },
  };
  try {
    const finished = await runner.run(command);
    if (succeeded(finished)) return undefined;
    return failure({ ...command, args: [command.args.join(' ')] }, { ...finished, stderr: errorLine(finished) }).message;
  } catch (error) {
    if (error instanceof ToolError) return error.message;
    throw error;
  }
}

/**
 * Finds the reason of a failure. brew and git report their progress on stderr too: the reason is the line that begins with `Error:`, else
 * the last one.
 */
function errorLine({ stdout, stderr }: Finished): string {
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => line.startsWith('Error:')) ?? lines.at(-1) ?? '';
}

async function hintFor(runner: Runner, formula: Formula, reasons: string): Promise<string> {
  if (/as root/i.test(reasons)) return 'Run rusta as the user who owns Homebrew, without sudo.';
  if ((await prefixOf(runner)) !== '/usr/local') return formula.hint;
  return 'This Homebrew, in /usr/local, is the one for Intel Macs. Install the one for Apple Silicon from https://brew.sh, and put its folder first on PATH: /opt/homebrew/bin.';
}

/** Returns the folder of Homebrew; undefined if `brew` does not even start, because the reason is known then. */
async function prefixOf(runner: Runner): Promise<string | undefined> {
  try {
    return (await runner.run({ program: 'brew', args: ['--prefix'], timeoutMs: QUERY_TIMEOUT_MS })).stdout.trim();
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}
