import type { Mac } from './mac/mac-api.ts';
import { endIn, endOf } from './spawn.ts';
import { PATIENCE_MS } from './wait.ts';

const KEYS = { 'ctrl-c': '\x03', 'ctrl-d': '\x04', enter: '\r', escape: '\x1b', up: '\x1b[A', down: '\x1b[B' } as const;

/** Far longer than what was written takes to arrive. */
const LEFT_OPEN_MS = 5_000;

export interface TerminalSession extends AsyncDisposable {
  readonly pid: number;
  /** everything that was written, as it came */
  readonly output: string;
  /** without control sequences, lines ended by \n */
  readonly screen: string;
  /** resolves once the text shows behind what the last waitFor matched */
  waitFor(wanted: string | RegExp, timeoutMs?: number): Promise<void>;
  type(text: string): void;
  press(key: keyof typeof KEYS): void;
  resize(cols: number, rows: number): void;
  /** closes the terminal: the program gets SIGHUP */
  close(): void;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

export interface TerminalOptions {
  readonly cols?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A program on a real pseudo-terminal of this Mac, or of any place that has an environment and a home. */
export function openTerminal(
  mac: Pick<Mac, 'env' | 'home'>,
  program: string,
  args: readonly string[],
  options: TerminalOptions = {},
): TerminalSession {
  const path = program.includes('/') ? program : Bun.which(program, { PATH: mac.env['PATH'] ?? '' });
  if (!path) throw new Error(`${program} is not on this Mac's PATH`);
  let output = '';
  /** The end, in the plain text, of what was waited for last. */
  let seen = 0;
  const decoder = new TextDecoder();
  const watchers = new Set<() => void>();
  const tell = () => {
    for (const watcher of watchers) watcher();
  };
  const drained = Promise.withResolvers<void>();
  const proc = Bun.spawn({
    cmd: [path, ...args],
    env: { ...mac.env, ...options.env },
    cwd: options.cwd ?? mac.home,
    // Given in place: only so is the end of the terminal reported.
    terminal: {
      cols: options.cols ?? 80,
      rows: options.rows ?? 24,
      data: (_terminal, data) => {
        output += decoder.decode(data, { stream: true });
        tell();
      },
      exit: () => drained.resolve(),
    },
  });
  // A child left behind may keep the terminal open, which then has no end.
  const settled = proc.exited.then(() => Promise.race([drained.promise, Bun.sleep(LEFT_OPEN_MS)]));
  const exited = settled.then(() => {
    tell();
    return endOf(proc);
  });
  const waitFor = (wanted: string | RegExp, timeoutMs = PATIENCE_MS) =>
    new Promise<void>((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        watchers.delete(look);
        settle();
      };
      const look = () => {
        const found = endIn(plain(output).slice(seen), wanted);
        if (found === undefined) return;
        seen += found;
        end(resolve);
      };
      const fail = (why: string) => end(() => reject(new Error(`${why} before ${wanted} showed; screen:\n${plain(output)}`)));
      const timer = setTimeout(() => fail(`${timeoutMs} ms passed`), timeoutMs);
      watchers.add(look);
      look();
      void exited.then(() => {
        if (watchers.has(look)) fail('the program ended');
      });
    });
  const close = () => proc.terminal?.close();
  return {
    pid: proc.pid,
    get output() {
      return output;
    },
    get screen() {
      return plain(output);
    },
    waitFor,
    type: (text) => void proc.terminal?.write(text),
    press: (key) => void proc.terminal?.write(KEYS[key]),
    resize: (cols, rows) => proc.terminal?.resize(cols, rows),
    close,
    exited,
    [Symbol.asyncDispose]: async () => {
      close();
      proc.kill('SIGKILL');
      await exited;
    },
  };
}

const plain = (text: string): string => Bun.stripANSI(text).replaceAll('\r\n', '\n').replaceAll('\r', '');
