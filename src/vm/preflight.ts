import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { TART } from '../tools/homebrew/brew.ts';
import { homebrewFolder } from '../tools/homebrew/path.ts';
import { hostArchitecture } from '../tools/host.ts';

/** The needs of a command before it looks for its VM (spec 1): nothing, a Mac with Homebrew, or Tart too. */
export type HostNeed = 'none' | 'mac' | 'tart';

/**
 * Checks for Apple Silicon and Homebrew before any call of Tart, and installs the programs that are missing, which may
 * take minutes. Throws RustaError.
 */
export async function prepareHost(app: Pick<App, 'runner' | 'brew' | 'env'>, need: HostNeed): Promise<void> {
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
  await app.brew.ensure(TART);
}
