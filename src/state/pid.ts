import { readSmall, removeFile } from '../system/files/files.ts';
import { writePrivateFile } from '../system/files/private-files.ts';
import type { Paths } from './paths.ts';

/** `run/<vm>.pid`: the pid alone, for other programs may read it (D5). It is a claim, not a proof. */
export interface PidFiles {
  /** undefined for a missing file and for anything that is not one plain pid above 1. */
  read(vm: string): number | undefined;
  /** Throws RustaError. */
  write(vm: string, pid: number): void;
  /** Removes the file, unless it names another process than this by now: that is the claim of somebody else. */
  remove(vm: string, pid: number | undefined): void;
}

const MAX_BYTES = 64;

export function createPidFiles(paths: Pick<Paths, 'pid'>): PidFiles {
  const read = (vm: string): number | undefined => {
    const text = readSmall(paths.pid(vm), MAX_BYTES)?.trim() ?? '';
    if (!/^[1-9]\d{0,9}$/.test(text)) return undefined;
    const pid = Number(text);
    return pid > 1 ? pid : undefined;
  };
  return {
    read,
    write(vm, pid) {
      writePrivateFile(paths.pid(vm), `${pid}\n`);
    },
    remove(vm, pid) {
      if (read(vm) === pid) removeFile(paths.pid(vm));
    },
  };
}
