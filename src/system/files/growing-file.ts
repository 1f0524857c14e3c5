import { closeSync, fstatSync, readSync } from 'node:fs';
import { attempt, errorCode } from '../errno.ts';
import { openIfExists } from './files.ts';

/** A text file that another process appends to. */
export interface Growing {
  /** Returns the whole lines that came since the last call, with `rest` also a line without its end; undefined while there is no file. */
  read(rest?: boolean): string | undefined;
}

const CHUNK = 256 * 1024;

/** Opens a file to which others append. It may not exist yet; one that was replaced or emptied is read from its start. Throws FileError. */
export function openGrowingFile(path: string): Growing {
  let fd: number | undefined;
  let inode = 0;
  let position = 0;
  let decoder = new TextDecoder();
  let partial = '';
  const reopen = (): boolean => {
    const fresh = openOrNothing(path);
    if (fresh === undefined) return fd !== undefined;
    const { ino, size } = fstatSync(fresh);
    if (fd !== undefined && ino === inode && size >= position) {
      closeSync(fresh);
      return true;
    }
    if (fd !== undefined) closeSync(fd);
    [fd, inode, position, decoder, partial] = [fresh, ino, 0, new TextDecoder(), ''];
    return true;
  };
  return {
    read(rest = false) {
      if (!reopen() || fd === undefined) return undefined;
      const from = fd;
      const next = () => attempt(path, 'read', () => readSync(from, chunk, 0, CHUNK, position));
      const chunk = new Uint8Array(CHUNK);
      for (let got = next(); got > 0; got = next()) {
        partial += decoder.decode(chunk.subarray(0, got), { stream: true });
        position += got;
      }
      const end = rest ? partial.length : partial.lastIndexOf('\n') + 1;
      const whole = partial.slice(0, end);
      partial = partial.slice(end);
      return whole;
    },
  };
}

/** Opens a file for reading; returns undefined if there is none, or a part of its path is not a folder. */
function openOrNothing(path: string): number | undefined {
  try {
    return openIfExists(path);
  } catch (error) {
    if (errorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}
