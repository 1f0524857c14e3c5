import type { Socket } from 'bun';
import { Outbox } from '../../../sandbox/agent/outbox.ts';
import type { Mac } from '../../../sandbox/mac.ts';

export const BANNER = 'SSH-2.0-test\r\n';

export interface TestServer extends Disposable {
  /** What clients sent, all together. */
  readonly received: { readonly bytes: number; readonly sha256: string };
  /** Resolves once a client has ended what it sends, or is gone. */
  readonly inputEnded: Promise<void>;
  readonly connections: number;
  /** To the client that came last. */
  say(text: string): void;
  /** Ends what is sent to the client that came last, which may go on speaking. */
  end(): void;
  /** Cuts it off. */
  cut(): void;
}

export interface ServerOptions {
  readonly greeting?: string;
  /** Sent behind the greeting. */
  readonly sends?: Uint8Array;
  /** Answers the end of the client's bytes with its own. */
  readonly closesAtEnd?: boolean;
}

/** A server that says a banner as sshd does, takes what comes and sends what it is told. */
function serve(hostname: string, port: number, { greeting = BANNER, sends, closesAtEnd = true }: ServerOptions = {}): TestServer {
  const hash = new Bun.CryptoHasher('sha256');
  const inputEnded = Promise.withResolvers<void>();
  let [bytes, connections] = [0, 0];
  let last: Socket<Outbox> | undefined;
  const listener = Bun.listen<Outbox>({
    hostname,
    port,
    allowHalfOpen: true,
    socket: {
      open(socket) {
        connections += 1;
        last = socket;
        socket.data = new Outbox(socket);
        if (greeting !== '') socket.data.write(new TextEncoder().encode(greeting));
        if (sends !== undefined) socket.data.write(sends);
      },
      data(_socket, chunk) {
        hash.update(chunk);
        bytes += chunk.byteLength;
      },
      drain: (socket) => socket.data.flush(),
      end(socket) {
        inputEnded.resolve();
        if (closesAtEnd) socket.data.end();
      },
      close(socket) {
        inputEnded.resolve();
        socket.data.closed();
      },
    },
  });
  return {
    get received() {
      return { bytes, sha256: hash.copy().digest('hex') };
    },
    inputEnded: inputEnded.promise,
    get connections() {
      return connections;
    },
    say: (text) => void last?.data.write(new TextEncoder().encode(text)),
    end: () => void last?.data.end(),
    cut: () => void last?.terminate(),
    [Symbol.dispose]: () => listener.stop(true),
  };
}

/** A server of the guest's: at its address, or on its loopback alone. */
export const atAddress = (mac: Mac, port: number, options?: ServerOptions) => serve(mac.vm('lab').address ?? '', port, options);
export const atLoopback = (port: number, options?: ServerOptions) => serve('127.0.0.1', port, options);

export const sha256 = (bytes: Uint8Array): string => new Bun.CryptoHasher('sha256').update(bytes).digest('hex');
