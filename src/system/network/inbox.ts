/** Can be told to wait: a socket's `pause` and `resume`. */
interface Source {
  pause(): void;
  resume(): void;
}

/** What has come from a socket and nobody has taken yet. */
export interface Inbox {
  put(source: Source, chunk: Uint8Array): void;
  /** Nothing more will come. */
  end(): void;
  /** Returns the next bytes as soon as there are any; undefined after the last. */
  take(source: Source): Promise<Uint8Array | undefined>;
}

/** Bytes that are held for a slow reader. */
const MAX_HELD_BYTES = 256 * 1_024;

/** Lets the source wait while much is held. Before the first bytes are taken, `onHeld` is told all that is held, each time it grows. */
export function createInbox(onHeld: (bytes: Uint8Array) => void): Inbox {
  const held: Uint8Array[] = [];
  let size = 0;
  let hasEnded = false;
  let isOpened = false;
  let wake = () => {};
  const news = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  return {
    put(source, chunk) {
      held.push(chunk);
      size += chunk.byteLength;
      if (!isOpened) onHeld(Buffer.concat(held));
      if (size >= MAX_HELD_BYTES) source.pause();
      wake();
    },
    end() {
      hasEnded = true;
      wake();
    },
    async take(source) {
      isOpened = true;
      while (held.length === 0 && !hasEnded) await news();
      const chunk = held.shift();
      size -= chunk?.byteLength ?? 0;
      if (held.length === 0 && !hasEnded) source.resume();
      return chunk;
    },
  };
}
