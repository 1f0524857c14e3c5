import { cpSync, existsSync, mkdirSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../../standin/context.ts';
import { guestKind } from '../../standin/guest-kind.ts';
import type { TartHome } from './home.ts';
import { holdFlock, lockOwner } from './locks.ts';
import { GIGABYTE, isComplete, MEBIBYTE, type VmConfig, writeConfig } from './vm.ts';

/** A folder under tmp/, held by flock so that nobody collects it meanwhile. */
export function temporaryFolder(home: TartHome, name: string): { path: string; release(): void } {
  const path = join(home.tmp, name);
  for (;;) {
    mkdirSync(path, { recursive: true });
    try {
      const { release } = holdFlock(path);
      // Tart's own gap between the two is too short to be met; here it takes milliseconds.
      writeFileSync(join(path, '.held'), '');
      rmSync(join(path, '.held'));
      return { path, release };
    } catch (error) {
      if ((error as { code?: string }).code !== 'ENOENT') throw error;
    }
  }
}

export const ubuntuConfig = (macAddress: string): VmConfig => ({
  version: 1,
  os: 'linux',
  arch: 'arm64',
  cpuCountMin: 4,
  cpuCount: 4,
  memorySizeMin: 4096 * MEBIBYTE,
  memorySize: 4096 * MEBIBYTE,
  macAddress,
  display: { width: 1024, height: 768 },
  diskFormat: 'raw',
});

/** The trio of files; the disk is sparse, so its size costs nothing. */
export function writeMachine(folder: string, config: VmConfig, diskGigabytes: number): void {
  writeConfig(folder, config);
  writeFileSync(join(folder, 'disk.img'), '');
  truncateSync(join(folder, 'disk.img'), diskGigabytes * GIGABYTE);
  writeFileSync(join(folder, 'nvram.bin'), 'nvram');
}

export function copyMachine(from: string, to: string): void {
  for (const file of ['config.json', 'nvram.bin', 'state.vzvmsave']) {
    if (existsSync(join(from, file))) cpSync(join(from, file), join(to, file));
  }
  writeFileSync(join(to, 'disk.img'), '');
  truncateSync(join(to, 'disk.img'), statSync(join(from, 'disk.img')).size);
}

/** Puts a finished folder in the place of a VM. What stood there goes without a word, running or not (trap 1). */
export async function replaceVm(context: Context, home: TartHome, finished: string, name: string): Promise<void> {
  const place = join(home.vms, name);
  if (existsSync(place)) {
    const isRunning = isComplete(place) && lockOwner(place) !== 0;
    if (isRunning) {
      // A running guest lives on in its unlinked folder; here that is one out of sight.
      renameSync(place, join(context.root, 'orphans', crypto.randomUUID()));
    } else {
      await (await guestKind(context)).remove(place);
      rmSync(place, { recursive: true, force: true });
    }
  }
  renameSync(finished, place);
}
