import { closeSync } from 'node:fs';
import { pipe } from '../standin/libc.ts';
import type { TtySize } from './frames.ts';
import { PipeWriter } from './pipe-writer.ts';

export interface ProcessSpec {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly stdin: boolean;
  readonly tty?: TtySize | undefined;
}

/** Where output goes; the next chunk is read only when the promise resolves. */
export interface Sink {
  stdout(chunk: Uint8Array): Promise<void>;
  stderr(chunk: Uint8Array): Promise<void>;
}

export interface RunningCommand {
  readonly pid: number;
  stdin(bytes: Uint8Array): void;
  stdinEnd(): void;
  resize(size: TtySize): void;
  /** SIGKILL to the direct child alone, as Go's exec.CommandContext does. */
  kill(): void;
  /** The exit code, once the command *and* every holder of its stdout and stderr are done; -1 for death by signal. */
  readonly finished: Promise<number>;
}

/** Throws what Bun.spawn throws when the program cannot be started. */
export function startCommand(spec: ProcessSpec, sink: Sink): RunningCommand {
  return spec.tty ? onTerminal(spec, spec.tty, sink) : onPipes(spec, sink);
}

const codeOf = (proc: { exitCode: number | null }): number => proc.exitCode ?? -1;

function onPipes(spec: ProcessSpec, sink: Sink): RunningCommand {
  const [outRead, outWrite] = pipe();
  const [errRead, errWrite] = pipe();
  const close = (...fds: number[]) => fds.forEach(closeSync);
  const stdin = spec.stdin ? pipe() : undefined;
  let proc: Bun.Subprocess;
  try {
    proc = Bun.spawn({
      cmd: [...spec.argv],
      cwd: spec.cwd,
      env: spec.env,
      stdio: [stdin?.[0] ?? 'ignore', outWrite, errWrite],
      // A group of its own: when the machine loses power, the group dies whole.
      detached: true,
    });
  } catch (error) {
    close(outRead, outWrite, errRead, errWrite, ...(stdin ?? []));
    throw error;
  }
  close(outWrite, errWrite);
  if (stdin) close(stdin[0]);
  const input = stdin ? new PipeWriter(stdin[1]) : undefined;
  const drained = Promise.all([copy(outRead, sink.stdout), copy(errRead, sink.stderr), proc.exited]);
  return {
    pid: proc.pid,
    stdin: (bytes) => input?.write(bytes.slice()),
    stdinEnd: () => input?.end(),
    resize: () => undefined,
    kill: () => proc.kill('SIGKILL'),
    finished: drained.then(() => {
      input?.end();
      return codeOf(proc);
    }),
  };
}

async function copy(fd: number, take: (chunk: Uint8Array) => Promise<void>): Promise<void> {
  for await (const chunk of Bun.file(fd).stream()) await take(chunk);
}

function onTerminal(spec: ProcessSpec, size: TtySize, sink: Sink): RunningCommand {
  const closed = Promise.withResolvers<void>();
  let sending = Promise.resolve();
  const proc = Bun.spawn({
    cmd: [...spec.argv],
    cwd: spec.cwd,
    env: spec.env,
    // Given in place: a Terminal made beforehand keeps its own slave open, and never reports the end.
    terminal: {
      cols: size.cols,
      rows: size.rows,
      data: (_terminal, data) => {
        const own = data.slice();
        sending = sending.then(() => sink.stdout(own));
      },
      exit: () => closed.resolve(),
    },
  });
  const { terminal } = proc;
  const endOfFile = '\x04';
  return {
    pid: proc.pid,
    stdin: (bytes) => void terminal?.write(bytes.slice()),
    stdinEnd: () => void terminal?.write(endOfFile),
    resize: (next) => terminal?.resize(next.cols, next.rows),
    kill: () => proc.kill('SIGKILL'),
    finished: Promise.all([proc.exited, closed.promise])
      .then(() => sending)
      .then(() => {
        terminal?.close();
        return codeOf(proc);
      }),
  };
}
