import { chmod, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { output } from './programs.ts';

/** The part of a VM's folder that belongs to the system guest: the writable layer over the base, and what of it runs now. */
export const statePaths = (vmFolder: string) => {
  const state = join(vmFolder, 'system');
  return {
    state,
    /** Symbolic link to the base that this VM was made from; it stays with it when the recipe changes. */
    base: join(state, 'base'),
    upper: join(state, 'upper'),
    /** Names the run folder of the last boot. */
    booted: join(state, 'booted'),
  };
};

/** An empty writable layer over `base`, or a copy of the layer of another VM. Appears complete or not at all. */
export async function createState(vmFolder: string, base: string, copiedUpper?: string): Promise<void> {
  const { state } = statePaths(vmFolder);
  const partial = `${state}.partial`;
  await rm(partial, { recursive: true, force: true });
  for (const name of ['work', 'root']) await mkdir(join(partial, name), { recursive: true });
  await symlink(base, join(partial, 'base'));
  const upper = join(partial, 'upper');
  if (copiedUpper) {
    // Not with node:fs: deletions are kept as device nodes and trusted.* attributes.
    await output(['cp', '--archive', '--reflink=auto', copiedUpper, upper]);
  } else {
    await mkdir(upper);
    // The layer's own mode is that of / in the guest, whatever the umask is.
    await chmod(upper, 0o755);
  }
  await rename(partial, state);
}

export const recordBoot = (vmFolder: string, runFolder: string) => writeFile(statePaths(vmFolder).booted, runFolder);

/** The run folder of the last boot, which may be long gone; empty if there was no boot. */
export const lastBoot = (vmFolder: string) => readFile(statePaths(vmFolder).booted, 'utf8').catch(() => '');
