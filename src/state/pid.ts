import { errorCode, NOT_A_FILE, readIfExists, removeFile } from '../system/files.ts';
import { writeOwn } from '../system/own-files.ts';
import type { Paths } from './paths.ts';

/** `run/<vm>.pid`: the pid alone, for other programs may read it (design D5). It is a claim, not a proof. */
export interface PidFiles {
  /** undefined for a missing file and for anything that is not one plain pid above 1. */
  read(vm: string): number | undefined;
  write(vm: string, pid: number): void;
  remove(vm: string): void;
}

export function createPidFiles(paths: Pick<Paths, 'pid'>): PidFiles {
  return {
    read(vm) {
      const text = readOrNothing(paths.pid(vm))?.trim() ?? '';
      if (!/^[1-9]\d{0,9}$/.test(text)) return undefined;
      const pid = Number(text);
      return pid > 1 ? pid : undefined;
    },
    write(vm, pid) {
      writeOwn(paths.pid(vm), `${pid}\n`);
    },
    remove(vm) {
      try {
        removeFile(paths.pid(vm));
      } catch (error) {
        // A folder in its place holds no pid of ours and is not ours to remove.
        if (!FOLDER.has(errorCode(error) ?? '')) throw error;
      }
    },
  };
}

/** What the systems say to the removal of a folder as a file. */
const FOLDER: ReadonlySet<string> = new Set(['EISDIR', 'EPERM']);

function readOrNothing(path: string): string | undefined {
  try {
    return readIfExists(path);
  } catch (error) {
    if (errorCode(error) === 'EISDIR' || errorCode(error) === NOT_A_FILE) return undefined;
    throw error;
  }
}
