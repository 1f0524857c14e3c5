import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { output } from './programs.ts';

/** The part of a VM's folder that belongs to the system guest: the writable layer over the base, and what of it runs now. */
export const statePaths = (vmFolder: string) => {
  const state = join(vmFolder, 'system');
  return {
    state,
    /** Symbolic link to the base that this VM was made from; it stays with it when the recipe changes. */
    base: join(state, 'base'),
    /** What was written before the VM was copied, or its source; the newest has the highest number. Nobody changes it any more. */
    layers: join(state, 'layers'),
    upper: join(state, 'upper'),
    /** Names the run folder of the last boot. */
    booted: join(state, 'booted'),
  };
};

/** An empty writable layer over `base`, or over all that the disk of another VM holds. Appears complete or not at all. */
export async function createState(vmFolder: string, base: string, source?: string): Promise<void> {
  const { state } = statePaths(vmFolder);
  const partial = `${state}.partial`;
  await rm(partial, { recursive: true, force: true });
  for (const name of ['work', 'root', 'layers']) await mkdir(join(partial, name), { recursive: true });
  await symlink(base, join(partial, 'base'));
  if (source !== undefined) await shareLayers(source, join(partial, 'layers'));
  await createLayer(join(partial, 'upper'));
  await rename(partial, state);
}

async function createLayer(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  // The layer's own mode is that of / in the guest, whatever the umask is.
  await chmod(path, 0o755);
}

/**
 * A Mac copies a disk in no time, however much is on it, for APFS shares its blocks. So what an idle disk holds is frozen, both VMs share
 * the files by hard links, and go on above them. One in use is copied as it is.
 */
async function shareLayers(source: string, layers: string): Promise<void> {
  const { layers: frozen, upper } = statePaths(source);
  // A copy that was killed may have left none.
  await createLayer(upper);
  const next = String((await readdir(frozen)).length).padStart(3, '0');
  const isInUse = existsSync(await lastBoot(source));
  if (!isInUse && (await readdir(upper)).length > 0) {
    await rename(upper, join(frozen, next));
    await createLayer(upper);
  }
  // Not with node:fs: deletions are kept as device nodes and trusted.* attributes.
  await output(['cp', '--archive', '--link', '--no-target-directory', frozen, layers]);
  if (isInUse) await output(['cp', '--archive', '--reflink=auto', upper, join(layers, next)]);
}

export const recordBoot = (vmFolder: string, runFolder: string) => writeFile(statePaths(vmFolder).booted, runFolder);

/** The run folder of the last boot, which may be long gone; empty if there was no boot. */
export const lastBoot = (vmFolder: string) => readFile(statePaths(vmFolder).booted, 'utf8').catch(() => '');
