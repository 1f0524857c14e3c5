import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { DOCKER, ensureProgram, SSHPASS, TART } from '../tools/brew.ts';
import { hostArchitecture } from '../tools/host.ts';

/** What a command needs of the host (spec 1): nothing, a Mac with Homebrew, Tart on it, sshpass too, or the docker CLI as well. */
export type HostNeed = 'none' | 'mac' | 'tart' | 'ssh' | 'docker';

/** Before any Tart call: Apple Silicon, Homebrew, and the programs needed, installed if missing. Throws RustaError. */
export async function checkHost(app: Pick<App, 'runner' | 'out'>, need: HostNeed): Promise<void> {
  if (need === 'none') return;
  const architecture = await hostArchitecture(app.runner);
  if (architecture !== 'arm64') {
    throw new RustaError(`rusta needs a Mac with Apple Silicon (arm64); 'uname -m' says '${architecture}'`);
  }
  if (app.runner.which('brew') === undefined) {
    throw new RustaError('Homebrew is required: no brew on PATH', { hint: 'Install it from https://brew.sh, then try again.' });
  }
  if (need === 'mac') return;
  await ensureProgram(app.runner, app.out, TART);
  if (need === 'tart') return;
  await ensureProgram(app.runner, app.out, SSHPASS);
  if (need === 'docker') await ensureProgram(app.runner, app.out, DOCKER);
}
