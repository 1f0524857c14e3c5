import { includes, startProgram } from '../sandbox/spawn.ts';
import { openTerminal, type TerminalSession } from '../sandbox/terminal.ts';
import { type Check, excerpt, type Step, seconds } from './evidence.ts';
import type { Env, Place } from './place.ts';

/** What an item of the checklist may do. All of it is recorded, and every exit code is a check. */
export interface World {
  readonly place: Place;
  /** A name that no VM of the user's can have. */
  name(suffix: string): string;
  rusta(args: readonly string[], code?: number, env?: Env): Promise<Step>;
  /** rusta on a real pseudo-terminal; the screen is in stdout. */
  terminal(args: readonly string[], talk: (session: Talk) => Promise<void>, code?: number): Promise<Step>;
  /** Another program on PATH. */
  run(argv: readonly string[], code?: number): Promise<Step>;
  /** Throws Failure if it is not so. */
  check(what: string, isSo: boolean): void;
  /** The text is on standard output or error. */
  says(step: Step, text: string | RegExp): void;
  note(text: string): void;
  /** Made at the first call, of whatever item; who comes later gets the same, or the same failure. */
  once<T>(what: string, make: () => Promise<T>): Promise<T>;
}

export type Talk = Pick<TerminalSession, 'screen' | 'waitFor' | 'type' | 'press'>;

export class Failure extends Error {}

export interface Log {
  readonly steps: Step[];
  readonly checks: Check[];
  readonly notes: string[];
}

export interface WorldOptions {
  readonly place: Place;
  /** The binary under test. */
  readonly rusta: string;
  /** Ends the program that runs. */
  readonly signal: AbortSignal;
  readonly made: Map<string, Promise<unknown>>;
}

/** These guard against programs that hang; rusta bounds its own waits. Milliseconds. */
const LONGEST_MS = 4 * 3_600_000;
const PROMPT_MS = 60_000;

export function createWorld({ place, rusta, signal, made }: WorldOptions, log: Log): World {
  const check = (what: string, passed: boolean, instead = '') => {
    log.checks.push({ what, passed });
    if (!passed) throw new Failure(`not so: ${what}${instead}`);
  };
  const finish = (step: Step, code: number): Step => {
    log.steps.push({ ...step, stdout: excerpt(step.stdout), stderr: excerpt(step.stderr) });
    const end = step.exitCode === null ? `by ${step.signal}` : `with ${step.exitCode}`;
    check(`'${shown(step)}' ends with ${code}`, step.exitCode === code, `; it ended ${end}${lastWords(step)}`);
    return step;
  };
  const run = async (argv: readonly string[], code = 0, environment: Env = {}) => {
    const started = performance.now();
    const options = { env: environment, signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]) };
    const { exited } = startProgram({ argv, env: place.env, cwd: place.home, options, openInput: false });
    const { code: exitCode, signal: killed, stdout, stderr } = await exited;
    return finish({ argv, environment, exitCode, signal: killed, stdout, stderr, seconds: seconds(started) }, code);
  };
  const terminal: World['terminal'] = async (args, talk, code = 0) => {
    const started = performance.now();
    const typed: string[] = [];
    await using session = openTerminal(place, rusta, args, { cols: 120 });
    const hangUp = () => session.close();
    const timer = setTimeout(hangUp, LONGEST_MS);
    signal.addEventListener('abort', hangUp);
    const problem = await talk(recordKeys(session, typed)).catch((error: unknown) => {
      hangUp();
      return error;
    });
    const end = await session.exited;
    signal.removeEventListener('abort', hangUp);
    clearTimeout(timer);
    const result = { exitCode: end.code, signal: end.signal, stdout: session.screen, stderr: '', seconds: seconds(started) };
    const step = { argv: [rusta, ...args], environment: {}, typed, ...result };
    if (problem === undefined) return finish(step, code);
    log.steps.push({ ...step, stdout: excerpt(step.stdout) });
    throw problem;
  };
  return {
    place,
    name: (suffix) => `${place.id}-${suffix}`,
    rusta: (args, code, env) => run([rusta, ...args], code, env),
    terminal,
    run: ([program = '', ...args], code) => run([Bun.which(program, { PATH: place.env['PATH'] ?? '' }) ?? program, ...args], code),
    check,
    says: (step, text) => {
      check(`'${shown(step)}' says ${text}`, includes(step.stdout, text) || includes(step.stderr, text), lastWords(step));
    },
    note: (text) => void log.notes.push(text),
    once<T>(what: string, make: () => Promise<T>) {
      const found = made.get(what) ?? make();
      made.set(what, found);
      return found as Promise<T>;
    },
  };
}

/** As the item's author wrote it, without folders; scripts are cut. */
function shown({ argv: [program = '', ...args] }: Step): string {
  const line = [program.slice(program.lastIndexOf('/') + 1), ...args].join(' ');
  return line.length > 100 ? `${line.slice(0, 100)}...` : line;
}

/** The error it told, else the last lines. */
function lastWords({ stdout, stderr }: Step): string {
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
  const words = lines.findLast((line) => line.startsWith('[error] ')) ?? lines.slice(-2).join(' / ');
  return words === '' ? '' : `: ${words}`;
}

const recordKeys = (session: TerminalSession, typed: string[]): Talk => ({
  get screen() {
    return session.screen;
  },
  waitFor: (text, timeoutMs = PROMPT_MS) => session.waitFor(text, timeoutMs),
  type(text) {
    typed.push(text);
    session.type(text);
  },
  press(key) {
    typed.push(key);
    session.press(key);
  },
});
