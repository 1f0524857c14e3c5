import { errorCode } from '../system/errno.ts';
import { readIfExists, removeFile, writeWhole } from '../system/files.ts';
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
      writeWhole(paths.pid(vm), `${pid}\n`, 0o600);
    },
    remove(vm) {
      removeFile(paths.pid(vm));
    },
  };
}

/** What is in its place holds no pid of ours. */
const NOT_A_FILE: ReadonlySet<string> = new Set(['EISDIR', 'ENOTDIR']);

function readOrNothing(path: string): string | undefined {
  try {
    return readIfExists(path);
  } catch (error) {
    if (NOT_A_FILE.has(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}
