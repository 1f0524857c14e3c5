import type { Socket } from 'bun';
import { errorCode } from '../errno.ts';
import { connectError } from './connect-error.ts';
import { createInbox, type Inbox } from './inbox.ts';

/** A connection to a server that has sent its first line. Disposing of it cuts it. */
export interface Conversation extends Disposable {
  /** The first line, without its end. */
  readonly line: string;
  /** Returns the next bytes, beginning with that line; undefined once the server has ended. */
  read(): Promise<Uint8Array | undefined>;
  /** Resolves with true when the kernel has taken all bytes, with false if the connection is gone. */
  write(bytes: Uint8Array): Promise<boolean>;
  /** Tells the server that nothing more will come. The server may go on sending. */
  endWriting(): void;
  /** Resolves when both sides have ended, or the connection is lost. */
  readonly closed: Promise<void>;
}

/** Why there was no first line: an errno name such as ECONNREFUSED, `ETIMEDOUT`, or `EOF`. */
export interface Unanswered {
  readonly error: string;
}

const MAX_LINE_BYTES = 4_096;
/** Milliseconds after which a host that has vanished is noticed. */
const KEEP_ALIVE_MS = 60_000;

/** Connects and waits for the server's first line, `timeoutMs` for both together. Rejects with the signal's reason. */
export async function dial(host: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<Conversation | Unanswered> {
  signal.throwIfAborted();
  const { greeting, connecting, inbox, closed, untilRoom } = open(host, port);
  const onAbort = () => greeting.reject(signal.reason);
  signal.addEventListener('abort', onAbort);
  const timer = setTimeout(() => greeting.resolve({ error: 'ETIMEDOUT' }), timeoutMs);
  let isKept = false;
  try {
    const greeted = await greeting.promise;
    if ('error' in greeted) return greeted;
    isKept = true;
    return { line: greeted.line, closed, ...converse(await connecting, inbox, untilRoom) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    if (!isKept) {
      connecting.then(
        (socket) => socket.terminate(),
        () => {}, // said already, by the result
      );
    }
  }
}

/** Begins to connect. The result settles `greeting`, which the caller may settle too, when it waits no longer. */
function open(host: string, port: number) {
  const greeting = Promise.withResolvers<{ readonly line: string } | Unanswered>();
  const closed = Promise.withResolvers<void>();
  const inbox = createInbox((bytes) => {
    const end = bytes.indexOf(0x0a);
    if (end >= 0) greeting.resolve({ line: Buffer.from(bytes.subarray(0, end)).toString('latin1').trimEnd() });
    else if (bytes.byteLength > MAX_LINE_BYTES) greeting.resolve({ error: 'EPROTO' });
  });
  const end = () => {
    inbox.end();
    greeting.resolve({ error: 'EOF' });
  };
  let onRoom = () => {};
  const connecting = Bun.connect({
    hostname: host,
    port,
    allowHalfOpen: true,
    socket: {
      data: (socket, chunk) => inbox.put(socket, chunk),
      drain: () => onRoom(),
      end,
      close() {
        end();
        closed.resolve();
        onRoom();
      },
      error: (_socket, error) => greeting.resolve({ error: errorCode(error) ?? error.message }),
    },
  });
  connecting.catch((error: unknown) => {
    const code = errorCode(error) ?? String(error);
    if (code !== 'ECONNREFUSED') return greeting.resolve({ error: code });
    return connectError(host, port).then((reason) => greeting.resolve({ error: reason }), greeting.reject);
  });
  const untilRoom = () =>
    new Promise<void>((resolve) => {
      onRoom = resolve;
    });
  return { greeting, connecting, inbox, closed: closed.promise, untilRoom };
}

/** Makes the calls of a connection. `untilRoom` resolves when a full socket takes bytes again, and when it is closed. */
function converse(socket: Socket, inbox: Inbox, untilRoom: () => Promise<void>): Omit<Conversation, 'line' | 'closed'> {
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  return {
    read: () => inbox.take(socket),
    async write(bytes) {
      for (let rest = bytes; ; await untilRoom()) {
        const taken = socket.write(rest);
        if (taken < 0 || socket.readyState <= 0) return false;
        rest = rest.subarray(taken);
        if (rest.byteLength === 0) return true;
      }
    },
    endWriting: () => void socket.shutdown(),
    [Symbol.dispose]: () => socket.terminate(),
  };
}
