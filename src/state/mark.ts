/** Tells a VM from the others that had, have or will have its name (D28). */
export interface VmMark {
  /** The number of its folder; a renamed VM keeps it. */
  readonly inode: string;
  /** When the folder was made, in milliseconds since 1970: some file systems give a freed number to the next folder. */
  readonly born: number;
  /** The MAC address of its network; a VM restored from a backup keeps it. */
  readonly mac: string | undefined;
}

/** Programs that set the time of a folder may round it. Milliseconds. */
const ROUNDING_MS = 5;
/** File systems take the time from a clock that ticks less often than that of programs. Milliseconds. */
const COARSE_MS = 50;
/** No folder has this number. */
const UNBORN = '0';
const WRITTEN = /^(\d+) (\d+)(?: ([0-9a-f:]+))?$/;

export function formatMark({ inode, born, mac }: VmMark): string {
  return [inode, String(born), ...(mac === undefined ? [] : [mac])].join(' ');
}

/** Returns undefined for a text that is not a mark. */
export function parseMark(text: string): VmMark | undefined {
  const [, inode, born, mac] = WRITTEN.exec(text) ?? [];
  return inode === undefined ? undefined : { inode, born: Number(born), mac };
}

/** Returns the mark of a VM that is about to be made: it says only that the VM is not there yet. */
export function unborn(): VmMark {
  return { inode: UNBORN, born: Date.now(), mac: undefined };
}

/** Tells whether a VM may be the one that was about to be made: an older VM has come to its name in another way. */
export function isBornLater(mark: VmMark, unbornMark: VmMark): boolean {
  return mark.born >= unbornMark.born - COARSE_MS;
}

export function isUnborn({ inode }: VmMark): boolean {
  return inode === UNBORN;
}

export function isSameFolder(one: VmMark, other: VmMark): boolean {
  return one.inode === other.inode && Math.abs(one.born - other.born) <= ROUNDING_MS;
}

/**
 * Compares folder and MAC address, of which one suffices: `tart run` may replace the MAC address, and a VM that is copied back has
 * another folder.
 */
export function isSameVm(one: VmMark, other: VmMark): boolean {
  return isSameFolder(one, other) || (one.mac !== undefined && one.mac === other.mac);
}
