import { connectError } from './connect-error.ts';
import { errorCode } from './errno.ts';

/** A server's first line, or why there was none: an errno name such as ECONNREFUSED, `ETIMEDOUT`, or `EOF`. */
export type Banner = { readonly line: string } | { readonly error: string };

const MAX_BANNER_BYTES = 4096;

/** Connects and reads the first line that the server sends; milliseconds for both together. */
export async function readBanner(host: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<Banner> {
  signal.throwIfAborted();
  const result = Promise.withResolvers<Banner>();
  const onAbort = () => result.reject(signal.reason);
  signal.addEventListener('abort', onAbort);
  const timer = setTimeout(() => result.resolve({ error: 'ETIMEDOUT' }), timeoutMs);
  let received = '';
  const connecting = Bun.connect({
    hostname: host,
    port,
    socket: {
      data(_socket, chunk) {
        received += chunk.toString('latin1');
        const end = received.indexOf('\n');
        if (end >= 0) result.resolve({ line: received.slice(0, end).trimEnd() });
        else if (received.length > MAX_BANNER_BYTES) result.resolve({ error: 'EPROTO' });
      },
      close: () => result.resolve({ error: 'EOF' }),
      error: (_socket, error) => result.resolve({ error: errorCode(error) ?? error.message }),
    },
  });
  connecting.catch((error: unknown) => {
    const code = errorCode(error) ?? String(error);
    if (code !== 'ECONNREFUSED') return result.resolve({ error: code });
    return connectError(host, port).then((reason) => result.resolve({ error: reason }), result.reject);
  });
  try {
    return await result.promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    connecting.then(
      (socket) => socket.terminate(),
      () => {}, // said already, by the result
    );
  }
}
