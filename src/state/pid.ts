import { readSmall, removeFile } from '../system/files/files.ts';
import { writePrivateFile } from '../system/files/private-files.ts';
import { formatMark, parseMark, type VmMark } from './mark.ts';
import type { Paths } from './paths.ts';

/** What rusta knows of a boot of its own. */
export interface Boot {
  /** The VM that runs; its name may go to another VM meanwhile. undefined where its folder could not be looked at. */
  readonly mark: VmMark | undefined;
  readonly window: boolean;
  /** The guest agent has answered. */
  readonly ready: boolean;
  /** The command that booted it stops it again (D9): if it still runs, that command was killed. */
  readonly owned: boolean;
  /** Folders of the Mac that the guest can mount, as `formatShare` writes them. */
  readonly shares: readonly string[];
}

/** `run/<vm>.pid`: the pid alone, for other programs may read it (D5). It is a claim, not a proof. */
export interface PidFiles {
  /** Returns the pid on file; undefined for a missing file and for anything but one plain pid above 1. */
  read(vm: string): number | undefined;
  /** Returns what the file beside it says; undefined if there is none, or it is about another process: older versions wrote the pid alone. */
  boot(vm: string, pid: number): Boot | undefined;
  /** Records that a boot is about to begin, whose pid is not known yet, and removes the pid on file. Throws RustaError. */
  announce(vm: string, boot: Boot): void;
  /** Returns a boot that was announced and has no pid: the command that announced it was killed at that moment, or is just beginning. */
  announced(vm: string): Boot | undefined;
  /** Throws RustaError. */
  write(vm: string, pid: number, boot?: Boot): void;
  /** Removes the files, unless they name another process by now: that is the claim of another command. */
  remove(vm: string, pid: number | undefined): void;
}

const MAX_BYTES = 64;
const MAX_BOOT_BYTES = 64 * 1_024;
/** Stands for a pid that is not known. */
const NO_PID = 0;
/** The first line; each further line is a share. */
const BOOT = /^(\d+) (window|headless) (starting|ready) (owned|kept)(?: (.+))?$/;

export function createPidFiles(paths: Pick<Paths, 'pid' | 'boot'>): PidFiles {
  const read = (vm: string): number | undefined => {
    const text = readSmall(paths.pid(vm), MAX_BYTES);
    // A rusta that was killed between the two writes has left the pid in the boot file alone.
    return parsePid(text === undefined ? readSmall(paths.boot(vm), MAX_BOOT_BYTES)?.split(' ', 1)[0] : text);
  };
  const bootOf = (vm: string, pid: number): Boot | undefined => {
    const [first = '', ...shares] = readSmall(paths.boot(vm), MAX_BOOT_BYTES)?.trim().split('\n') ?? [];
    const [, number, screen, state, whose, mark] = BOOT.exec(first) ?? [];
    if (Number(number) !== pid) return undefined;
    return { mark: parseMark(mark ?? ''), window: screen === 'window', ready: state === 'ready', owned: whose === 'owned', shares };
  };
  return {
    read,
    boot: bootOf,
    announce(vm, boot) {
      // Without the boot file about it, the pid of a former VM would be believed to be this VM's.
      removeFile(paths.pid(vm));
      writePrivateFile(paths.boot(vm), `${formatBoot(NO_PID, boot)}\n`);
    },
    announced: (vm) => bootOf(vm, NO_PID),
    write(vm, pid, boot) {
      // The boot comes first: a pid without its boot would be believed, a boot without its pid is not.
      if (boot !== undefined) writePrivateFile(paths.boot(vm), `${formatBoot(pid, boot)}\n`);
      writePrivateFile(paths.pid(vm), `${pid}\n`);
    },
    remove(vm, pid) {
      if (read(vm) !== pid) return;
      removeFile(paths.pid(vm));
      removeFile(paths.boot(vm));
    },
  };
}

function parsePid(text = ''): number | undefined {
  const pid = /^[1-9]\d{0,9}$/.test(text.trim()) ? Number(text) : 0;
  return pid > 1 ? pid : undefined;
}

function formatBoot(pid: number, { mark, window, ready, owned, shares }: Boot): string {
  const words = [String(pid), window ? 'window' : 'headless', ready ? 'ready' : 'starting', owned ? 'owned' : 'kept'];
  return [[...words, ...(mark === undefined ? [] : [formatMark(mark)])].join(' '), ...shares].join('\n');
}
