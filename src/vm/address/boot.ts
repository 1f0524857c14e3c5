import { join } from 'node:path';
import type { App } from '../../app.ts';
import { RustaError } from '../../errors.ts';
import { fileMark, readSmall } from '../../system/files/files.ts';
import { writePrivateFile } from '../../system/files/private-files.ts';

type Context = Pick<App, 'paths' | 'pids' | 'processes'>;

/** What is known of a VM's address in this boot. */
export interface BootAddress {
  readonly address: string;
  /** The guest has confirmed it; without an agent, a lease counts for a while. */
  readonly proven: boolean;
  /** Nobody answered there a moment ago: a firewall or VPN swallows what is sent. */
  readonly isSilent: boolean;
}

type Remembered = Pick<BootAddress, 'address' | 'proven'> & Partial<BootAddress>;

const MAX_BYTES = 512;
/** An agent that was silent may speak now. Milliseconds. */
const UNPROVEN_MS = 10 * 60_000;
/** So long is an address not tried again at which nobody answered. Milliseconds. */
const SILENT_MS = 60_000;
const LINE = /^(\S+) (\d{1,3}(?:\.\d{1,3}){3}) (proven|lease|silent)$/;

/** Returns the address remembered for the boot that is running; undefined where none is, or it is of an earlier boot. */
export function recallAddress(app: Context, vm: string): BootAddress | undefined {
  const mark = bootMark(app, vm);
  const path = app.paths.address(vm);
  const [, bootOf, address, kind] = LINE.exec(readSmall(path, MAX_BYTES)?.trim() ?? '') ?? [];
  if (mark === undefined || bootOf !== mark || address === undefined) return undefined;
  const proven = kind !== 'lease';
  // A file's time has fractions that the clock's has not: what was written just now may seem to come from later.
  const age = Math.abs(Date.now() - (fileMark(path)?.changedMs ?? 0));
  return proven || age < UNPROVEN_MS ? { address, proven, isSilent: kind === 'silent' && age < SILENT_MS } : undefined;
}

/** Remembers the address for as long as this boot lasts. That it cannot be written only costs the next command a question. */
export function rememberAddress(app: Context, vm: string, { address, proven, isSilent = false }: Remembered): void {
  const mark = bootMark(app, vm);
  if (mark === undefined) return;
  try {
    writePrivateFile(app.paths.address(vm), `${mark} ${address} ${isSilent ? 'silent' : proven ? 'proven' : 'lease'}\n`);
  } catch (error) {
    if (!(error instanceof RustaError)) throw error;
  }
}

/** Remembers for a while that nobody answered at the proven address of this boot; of any other address nothing is remembered. */
export function rememberSilence(app: Context, vm: string, address: string): void {
  const known = recallAddress(app, vm);
  if (known?.proven === true && known.address === address) rememberAddress(app, vm, { ...known, isSilent: true });
}

/**
 * Tells one boot from another without a program: by our pid, if that process lives, and by the control socket, which every `tart run` makes
 * anew. undefined where neither is there.
 */
export function bootMark(app: Context, vm: string): string | undefined {
  const pid = app.pids.read(vm);
  const alive = pid !== undefined && app.processes.isAlive(pid) ? pid : undefined;
  const socket = fileMark(join(app.paths.tartHome, 'vms', vm, 'control.sock'));
  if (alive === undefined && socket === undefined) return undefined;
  return `${alive ?? 0}:${socket === undefined ? 0 : `${socket.inode}-${socket.changedMs}`}`;
}
