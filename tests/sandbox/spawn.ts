import { PATIENCE_MS, waitUntil } from './wait.ts';

export interface RunOptions {
  readonly stdin?: string | Uint8Array;
  /** added to the Mac's environment; undefined takes a variable out */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** PATIENCE_MS if absent; then SIGKILL, and the promise rejects */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface RunResult {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly pid: number;
  /** what came so far */
  readonly stdout: string;
  readonly stderr: string;
  /** resolves when the text or pattern is in stdout or stderr */
  waitFor(text: string | RegExp, timeoutMs?: number): Promise<void>;
  write(text: string): void;
  endInput(): void;
  kill(signal?: NodeJS.Signals): void;
  readonly exited: Promise<RunResult>;
}

export interface SpawnRequest {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly options: RunOptions;
  /** stdin stays open until endInput() */
  readonly openInput: boolean;
}

export function startProgram({ argv, env, cwd, options, openInput }: SpawnRequest): Started {
  const merged = Object.entries({ ...env, ...options.env }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const hasInput = openInput || options.stdin !== undefined;
  const proc = Bun.spawn({
    cmd: [...argv],
    env: Object.fromEntries(merged),
    cwd: options.cwd ?? cwd,
    stdio: [hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    ...(options.signal ? { signal: options.signal } : {}),
  });
  const input = proc.stdin;
  // A program may leave its input unread, and then the pipe breaks: that is its business.
  const feed = (step: () => unknown) =>
    void Promise.resolve()
      .then(step)
      .catch(() => {});
  if (options.stdin !== undefined) feed(() => input?.write(options.stdin ?? ''));
  if (hasInput && !openInput) feed(() => input?.end());
  const text = { stdout: '', stderr: '' };
  const collect = async (stream: ReadableStream<Uint8Array>, name: 'stdout' | 'stderr') => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) text[name] += decoder.decode(chunk, { stream: true });
  };
  const drained = Promise.all([collect(proc.stdout, 'stdout'), collect(proc.stderr, 'stderr'), proc.exited]);
  return {
    pid: proc.pid,
    get stdout() {
      return text.stdout;
    },
    get stderr() {
      return text.stderr;
    },
    waitFor: (wanted, timeoutMs) =>
      waitUntil(
        `${argv.join(' ')} to say ${wanted}`,
        () => includes(text.stdout, wanted) || includes(text.stderr, wanted),
        timeoutMs,
        () => JSON.stringify(text),
      ),
    write: (more) => feed(() => input?.write(more)),
    endInput: () => feed(() => input?.end()),
    kill: (signal = 'SIGTERM') => proc.kill(signal),
    exited: drained.then(() => ({ ...endOf(proc), ...text })),
  };
}

/** A number is a signal that Node has no name for. */
export const endOf = (proc: Bun.Subprocess): { code: number | null; signal: string | null } => ({
  code: proc.exitCode,
  signal: proc.signalCode === null ? null : String(proc.signalCode),
});

/** Where the first match ends; undefined if there is none. */
export function endIn(text: string, wanted: string | RegExp): number | undefined {
  const start = typeof wanted === 'string' ? text.indexOf(wanted) : text.search(wanted);
  if (start < 0) return undefined;
  return start + (typeof wanted === 'string' ? wanted : (wanted.exec(text)?.[0] ?? '')).length;
}

export const includes = (text: string, wanted: string | RegExp): boolean => endIn(text, wanted) !== undefined;

export async function runProgram(request: SpawnRequest): Promise<RunResult> {
  const started = startProgram(request);
  const limit = request.options.timeoutMs ?? PATIENCE_MS;
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    started.kill('SIGKILL');
    late.reject(new Error(`${request.argv.join(' ')} took longer than ${limit} ms\n${started.stdout}\n${started.stderr}`));
  }, limit);
  try {
    return await Promise.race([started.exited, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
