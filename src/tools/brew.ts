import { RustaError, ToolError } from '../errors.ts';
import type { Runner } from '../system/programs/runner.ts';
import type { Output } from '../ui/output.ts';

/** Milliseconds; Homebrew downloads and may build. */
const INSTALL_TIMEOUT_MS = 30 * 60_000;

export interface Formula {
  /** The program that the formula brings. */
  readonly program: string;
  /** Tried in order: the first that installs is taken. */
  readonly names: readonly string[];
  /** Said when none installs. */
  readonly hint: string;
}

/** The tap of the spec is frozen and may be refused; Tart lives on in the second one (D14). */
export const TART: Formula = {
  program: 'tart',
  names: ['cirruslabs/cli/tart', 'openai/tools/tart'],
  hint: "Homebrew may ask you to trust the tap first: 'brew trust openai/tools', then 'brew install openai/tools/tart'.",
};

export const SSHPASS: Formula = {
  program: 'sshpass',
  names: ['sshpass'],
  hint: "Install it yourself with 'brew install sshpass', then try again.",
};

/** The CLI alone: the engine runs in the VM. */
export const DOCKER: Formula = {
  program: 'docker',
  names: ['docker'],
  hint: "Install it yourself with 'brew install docker', then try again.",
};

export interface Brew {
  /** Installs a program that is missing, naming it before; does nothing otherwise. Throws RustaError when no formula installs. */
  ensure(formula: Formula): Promise<void>;
}

export function createBrew(runner: Runner, out: Output): Brew {
  return { ensure: (formula) => ensureProgram(runner, out, formula) };
}

async function ensureProgram(runner: Runner, out: Output, formula: Formula): Promise<void> {
  if (runner.which(formula.program)) return;
  const failures: string[] = [];
  for (const name of formula.names) {
    out.step(`Installing ${formula.program} with Homebrew (${name})`);
    const failure = await install(runner, out, name);
    if (failure === undefined && runner.which(formula.program)) return;
    failures.push(failure ?? `'brew install ${name}' exited with 0, but '${formula.program}' is not on PATH`);
    out.trace(failures.at(-1) ?? '');
  }
  throw new RustaError('program_missing', `${formula.program} could not be installed: ${failures.join('; ')}`, { hint: formula.hint });
}

async function install(runner: Runner, out: Output, name: string): Promise<string | undefined> {
  try {
    await runner.check({
      program: 'brew',
      args: ['install', name],
      env: { HOMEBREW_NO_AUTO_UPDATE: '1' },
      timeoutMs: INSTALL_TIMEOUT_MS,
      onLine: (line) => out.program(line, false),
    });
    return undefined;
  } catch (error) {
    if (error instanceof ToolError) return error.message;
    throw error;
  }
}
