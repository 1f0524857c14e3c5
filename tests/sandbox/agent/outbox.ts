import type { Socket } from 'bun';

/** Bytes on their way into a socket: Bun writes as much as the kernel takes, the rest waits here for `drain`. */
export class Outbox {
  readonly #socket: Socket<unknown>;
  #queue: Uint8Array[] = [];
  #waiters: (() => void)[] = [];
  #ending = false;
  #closed = false;

  constructor(socket: Socket<unknown>) {
    this.#socket = socket;
  }

  write(bytes: Uint8Array): void {
    if (this.#closed || this.#ending) return;
    this.#queue.push(bytes);
    if (this.#queue.length === 1) this.flush();
  }

  /** To be called on the socket's `drain`. */
  flush(): void {
    for (let first = this.#queue[0]; first && !this.#closed; first = this.#queue[0]) {
      const taken = this.#socket.write(first);
      if (taken < 0) {
        this.closed();
        return;
      }
      if (taken < first.length) {
        this.#queue[0] = first.subarray(taken);
        return;
      }
      this.#queue.shift();
    }
    if (this.#ending && !this.#closed) this.#socket.end();
    this.#wake();
  }

  /** Resolves when everything is with the kernel, or the socket is gone. */
  idle(): Promise<void> {
    if (this.#closed || this.#queue.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** Closes the socket once everything is written. */
  end(): void {
    if (this.#ending || this.#closed) return;
    this.#ending = true;
    this.flush();
  }

  /** To be called on the socket's `close`. */
  closed(): void {
    this.#closed = true;
    this.#queue = [];
    this.#wake();
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}
