/** One file of an archive. Its path is relative, with `/`. */
export interface ArchiveFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly executable?: boolean;
}

/** 1980-01-01 for every build, because some unpackers complain about 0. */
const MODIFIED_SECONDS = 315_532_800;
const BLOCK = 512;
/** Longest file name of the old field; longer ones would need the extended format, which is not written here. */
const MAX_NAME = 100;

/**
 * Returns a tar archive (POSIX ustar) that depends on nothing but its files: sorted, without an owner, of one date. `tar` itself differs
 * between Linux and macOS, and writes what it finds on the disk. Throws Error for a path that is too long.
 */
export function tar(files: readonly ArchiveFile[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const file of [...files].sort((one, other) => (one.path < other.path ? -1 : 1))) {
    parts.push(header(file), file.bytes, new Uint8Array(-file.bytes.length & (BLOCK - 1)));
  }
  // Two empty blocks end an archive.
  parts.push(new Uint8Array(2 * BLOCK));
  return new Uint8Array(Buffer.concat(parts));
}

/** Compresses by gzip, without a date or the name of the system, by which builds would differ. */
export function gzip(bytes: Uint8Array): Uint8Array {
  const zipped = new Uint8Array(Bun.gzipSync(new Uint8Array(bytes), { level: 9 }));
  zipped.set([0, 0, 0, 0], 4);
  zipped[9] = 255;
  return zipped;
}

function header({ path, bytes, executable }: ArchiveFile): Uint8Array {
  const name = new TextEncoder().encode(path);
  if (name.length > MAX_NAME) throw new Error(`'${path}' is too long for the archive`);
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string) => block.set(new TextEncoder().encode(text), at);
  block.set(name);
  put(100, octal(executable ? 0o755 : 0o644, 8));
  put(108, octal(0, 8));
  put(116, octal(0, 8));
  put(124, octal(bytes.length, 12));
  put(136, octal(MODIFIED_SECONDS, 12));
  put(156, '0');
  put(257, 'ustar\u000000');
  put(265, 'root');
  put(297, 'wheel');
  // The sum counts its own field as spaces.
  put(148, ' '.repeat(8));
  put(
    148,
    `${octal(
      block.reduce((sum, byte) => sum + byte, 0),
      7,
    )} `,
  );
  return block;
}

/** Returns octal digits that fill a field of this size, closed by a NUL. */
function octal(value: number, size: number): string {
  return `${value.toString(8).padStart(size - 1, '0')}\0`;
}
