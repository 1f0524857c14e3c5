import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { errorCode } from './files.ts';

/** A text file that another process appends to. */
export interface Growing {
  /** The whole lines that came since the last call, with `rest` also a line without its end; undefined while there is no file. */
  read(rest?: boolean): string | undefined;
}

const CHUNK = 256 * 1024;

/** The file may come later, and be replaced or emptied meanwhile: then it is read from its start. */
export function openGrowing(path: string): Growing {
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
      const chunk = new Uint8Array(CHUNK);
      for (let got = readSync(fd, chunk, 0, CHUNK, position); got > 0; got = readSync(fd, chunk, 0, CHUNK, position)) {
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

function openOrNothing(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
