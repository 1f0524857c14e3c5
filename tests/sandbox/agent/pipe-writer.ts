import { close, write } from 'node:fs';

/** Resolves to the number of bytes that were written. */
const writeSome = (fd: number, bytes: Uint8Array) =>
  new Promise<number>((resolve, reject) => write(fd, bytes, (error, count) => (error ? reject(error) : resolve(count))));

/** Writes into a blocking pipe from the thread pool, in order. A reader that goes away is no fault. */
export class PipeWriter {
  readonly #fd: number;
  #tail: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(fd: number) {
    this.#fd = fd;
  }

  write(bytes: Uint8Array): void {
    if (this.#ended) return;
    this.#tail = this.#tail.then(() => this.#all(bytes)).catch(() => this.end());
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    void this.#tail.then(() => close(this.#fd));
  }

  async #all(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0) rest = rest.subarray(await writeSome(this.#fd, rest));
  }
}
