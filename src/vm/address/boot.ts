import { join } from 'node:path';
import type { App } from '../../app.ts';
import { RustaError } from '../../errors.ts';
import { fileMark, readSmall } from '../../system/files/files.ts';
import { writePrivateFile } from '../../system/files/private-files.ts';

type Context = Pick<App, 'paths' | 'pids' | 'processes'>;

/** The address of a VM, as far as it is known in this boot. */
export interface BootAddress {
  readonly address: string;
  /** The guest has confirmed it; without an agent, a lease counts for a while. */
  readonly proven: boolean;
  /** Nobody answered there a moment ago: a firewall or VPN may swallow what is sent. */
  readonly isSilent: boolean;
}

type Remembered = Pick<BootAddress, 'address' | 'proven'> & Partial<BootAddress>;

const MAX_BYTES = 512;
/** Milliseconds for which an unproven address counts: an agent that was silent may speak by then. */
const UNPROVEN_MS = 10 * 60_000;
/** Milliseconds for which a silent address is not tried again. */
const SILENT_MS = 60_000;
const LINE = /^(\S+) (\d{1,3}(?:\.\d{1,3}){3}) (proven|lease|silent)$/;

/** Returns the address that was remembered in the present boot; undefined if there is none, or it is of an earlier boot. */
export function recallAddress(app: Context, vm: string): BootAddress | undefined {
  const mark = bootMark(app, vm);
  const path = app.paths.address(vm);
  const [, bootOf, address, kind] = LINE.exec(readSmall(path, MAX_BYTES)?.trim() ?? '') ?? [];
  if (mark === undefined || bootOf !== mark || address === undefined) return undefined;
  const proven = kind !== 'lease';
  // The time of a file has fractions that the clock lacks: a file written just now may seem to come from the future.
  const age = Math.abs(Date.now() - (fileMark(path)?.changedMs ?? 0));
  return proven || age < UNPROVEN_MS ? { address, proven, isSilent: kind === 'silent' && age < SILENT_MS } : undefined;
}

/** Returns the other VM whose guest has confirmed an address in a boot that still runs: a lease that names it for another VM is an old one. */
export function ownerOf(app: Context & Pick<App, 'tartFiles'>, address: string, vm: string): string | undefined {
  return app.tartFiles.names().find((other) => {
    const pid = other === vm ? undefined : app.pids.read(other);
    if (pid === undefined || !app.processes.isAlive(pid)) return false;
    const known = recallAddress(app, other);
    return known?.proven === true && known.address === address;
  });
}

/** Remembers the address for as long as this boot lasts. If it cannot be written, the next command only has to ask again. */
export function rememberAddress(app: Context, vm: string, { address, proven, isSilent = false }: Remembered): void {
  const mark = bootMark(app, vm);
  if (mark === undefined) return;
  try {
    writePrivateFile(app.paths.address(vm), `${mark} ${address} ${isSilent ? 'silent' : proven ? 'proven' : 'lease'}\n`);
  } catch (error) {
    if (!(error instanceof RustaError)) throw error;
  }
}

/** Remembers for a while that nobody answered at the proven address of this boot. Does nothing for any other address. */
export function rememberSilence(app: Context, vm: string, address: string): void {
  const known = recallAddress(app, vm);
  if (known?.proven === true && known.address === address) rememberAddress(app, vm, { ...known, isSilent: true });
}

/**
 * Returns a text that differs from boot to boot, without starting a program. It is made of our pid, if that process lives, and of the
 * control socket, which every `tart run` makes anew. undefined if there is neither.
 */
export function bootMark(app: Context, vm: string): string | undefined {
  const pid = app.pids.read(vm);
  const alive = pid !== undefined && app.processes.isAlive(pid) ? pid : undefined;
  const socket = fileMark(join(app.paths.tartHome, 'vms', vm, 'control.sock'));
  if (alive === undefined && socket === undefined) return undefined;
  return `${alive ?? 0}:${socket === undefined ? 0 : `${socket.inode}-${socket.changedMs}`}`;
}
