import { openSync } from 'node:fs';
import { errorCode } from '../errno.ts';
import { FileError } from '../file-error.ts';
import { closeFile } from '../files/files.ts';
import type { Libc } from '../libc.ts';
import type { Conversation } from './dial.ts';

const STDOUT = 1;
/** What a pipe without a reader, a closed terminal and a closed descriptor answer. */
const UNREAD: ReadonlySet<string> = new Set(['EPIPE', 'EIO', 'EBADF']);

/**
 * Carries bytes between a server and standard input and output until both sides have ended, and passes on the end of each at once. Holds
 * no more than some chunks, even if one side is slow. Rejects with the signal's reason, with FileError for a full disk.
 */
export async function relay(server: Conversation, libc: Pick<Libc, 'dup2'>, signal: AbortSignal): Promise<void> {
  const input = openInput();
  const stop = () => {
    server[Symbol.dispose]();
    leave(input);
  };
  signal.addEventListener('abort', stop);
  void server.closed.then(() => leave(input));
  try {
    await Promise.all([toServer(input, server), fromServer(server, libc)]);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
  signal.throwIfAborted();
}

const openInput = () => Bun.stdin.stream().getReader();
type Input = ReturnType<typeof openInput>;

/** Rejects only with the error that a read has had already, which has told it. */
function leave(input: Input): void {
  input.cancel().catch(() => {});
}

async function toServer(input: Input, server: Conversation): Promise<void> {
  for (;;) {
    const value = await nextOf(input);
    if (value === undefined) return server.endWriting();
    if (!(await server.write(value))) return;
  }
}

/** Undefined at the end. A terminal that is being closed answers EIO, a socket whose other side has gone ECONNRESET. */
async function nextOf(input: Input): Promise<Uint8Array | undefined> {
  try {
    return (await input.read()).value;
  } catch (error) {
    if (!['EIO', 'ECONNRESET'].includes(errorCode(error) ?? '')) throw error;
    return undefined;
  }
}

async function fromServer(server: Conversation, libc: Pick<Libc, 'dup2'>): Promise<void> {
  const output = Bun.stdout.writer();
  try {
    for (let bytes = await server.read(); bytes !== undefined; bytes = await server.read()) {
      await output.write(bytes);
      await output.flush();
    }
    await output.end();
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    if (!UNREAD.has(code)) throw new FileError('standard output', 'written', code, { cause: error });
    // Nobody reads the server's answers any more, so there is no reason to send to it either.
    server[Symbol.dispose]();
  }
  closeStdout(libc);
}

/** Lets the reader of standard output see its end. Keeps its number taken, so that no file opened later gets it. */
function closeStdout(libc: Pick<Libc, 'dup2'>): void {
  const nothing = openSync('/dev/null', 'w');
  libc.dup2(nothing, STDOUT);
  closeFile(nothing);
}
