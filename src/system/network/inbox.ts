/** The part of a socket that makes it wait and go on. */
interface Source {
  pause(): void;
  resume(): void;
}

/** The bytes that have come from a socket and that nobody has taken yet. */
export interface Inbox {
  put(source: Source, chunk: Uint8Array): void;
  /** Notes that nothing more will come. */
  end(): void;
  /** Returns the next bytes as soon as there are any; undefined after the last. */
  take(source: Source): Promise<Uint8Array | undefined>;
}

/** Most bytes that are held for a slow reader. */
const MAX_HELD_BYTES = 256 * 1_024;

/**
 * Makes an inbox that lets its source wait while it holds much. Until the first bytes are taken, `onHeld` gets all that is held each time
 * it grows.
 */
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
