export interface LineReading {
  /** Settles when the stream has ended or was cancelled. */
  readonly done: Promise<void>;
  /** Everything read so far, decoded as UTF-8. */
  text(): string;
  cancel(): void;
}

export interface LineReadingOptions {
  readonly maxBytes: number;
  readonly onLine: ((line: string) => void) | undefined;
  readonly onFlood: () => void;
  /** Gets the error that `onLine` threw; nothing more is read then. */
  readonly onError: (error: unknown) => void;
}

/** Collects a stream and hands out its lines (ended by LF or CR LF; the last one needs no end). */
export function readLines(stream: ReadableStream<Uint8Array>, options: LineReadingOptions): LineReading {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let bytes = 0;
  let rest = '';
  const take = (text: string) => {
    parts.push(text);
    if (!options.onLine) return;
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) options.onLine(line.replace(/\r$/, ''));
  };
  const pump = async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.byteLength;
      if (bytes > options.maxBytes) {
        options.onFlood();
        break;
      }
      take(decoder.decode(value, { stream: true }));
    }
    take(decoder.decode());
    if (rest !== '') options.onLine?.(rest);
  };
  return {
    done: pump().catch(options.onError),
    text: () => parts.join(''),
    // Rejects only with the error of the read before, which `onError` has.
    cancel: () => void reader.cancel().catch(() => {}),
  };
}
