import { join } from 'node:path';
import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { readableRecord } from '../state/record.ts';
import { asWord } from '../text/shell.ts';
import { TART } from '../tools/homebrew/brew.ts';
import { homebrewFolder } from '../tools/homebrew/path.ts';
import { hostArchitecture } from '../tools/host.ts';

/** The needs of a command before it looks for its VM (spec 1): nothing, a Mac with Homebrew, or Tart too. */
export type HostNeed = 'none' | 'mac' | 'tart';

/**
 * Checks for Apple Silicon and Homebrew before any call of Tart, and installs the programs that are missing, which may
 * take minutes. Throws RustaError.
 */
export async function prepareHost(app: App, need: HostNeed): Promise<void> {
  if (need === 'none') return;
  const architecture = await hostArchitecture(app.runner);
  if (architecture !== 'arm64') {
    throw new RustaError('host_unsupported', `rusta needs a Mac with Apple Silicon (arm64); 'uname -m' says '${architecture}'`);
  }
  if (app.runner.which('brew') === undefined) {
    throw new RustaError('program_missing', `Homebrew is required: no brew on PATH, nor in ${homebrewFolder(app.env)}`, {
      hint: 'Install it from https://brew.sh, then try again. If it is installed elsewhere, put its bin folder on PATH or set HOMEBREW_PREFIX.',
    });
  }
  if (need === 'mac') return;
  refuseLostHome(app);
  await app.brew.ensure(TART);
}

/** Throws RustaError if the folder of known VMs is missing: Tart would make an empty one, even in the place of a disk that is not mounted. */
function refuseLostHome({ tartFiles, store, paths }: Pick<App, 'tartFiles' | 'store' | 'paths'>): void {
  if (tartFiles.isThere()) return;
  const { vms } = store.read();
  // A creation that was killed while cloning may have come to nothing.
  const known = [...vms.keys()].filter((vm) => readableRecord(vms, vm)?.phase !== 'cloning');
  if (known.length === 0) return;
  const names = `${known.length === 1 ? 'VM' : 'VMs'} ${known.map((vm) => `'${vm}'`).join(', ')}`;
  const folder = join(paths.tartHome, 'vms');
  throw new RustaError('file_failed', `${folder} is not there, where Tart keeps ${names}`, {
    hint: `Is a disk not mounted, was the folder moved, or is TART_HOME another one? If it is gone for good, begin a new one: mkdir -p ${asWord(folder)}`,
  });
}
