import { basename } from 'node:path';
import type { App } from '../app.ts';
import type { ResultOf } from '../contract/results.ts';
import { withRunningVm } from '../lifecycle/with-running-vm.ts';
import { SSHPASS } from '../tools/homebrew/brew.ts';
import type { LoginFlags } from '../vm/credentials.ts';
import { resolveOrAskVm } from '../vm/resolve.ts';
import { collectKeys, copyKeys } from './copy-keys.ts';
import { findLogin } from './login/target.ts';

/** Returns the files to copy, and says so if there are none. Throws RustaError without `~/.ssh`. */
export function keysToCopy(app: App): string[] {
  const files = collectKeys(app);
  if (files.length === 0) app.out.skip(`no id_* or *.pem files in ${app.sshFiles.folder}, nothing to copy`);
  return files;
}

/**
 * Copies the user's keys into a VM (spec 4.10). Boots the VM only if there is something to copy, and stops only what it
 * booted. Throws RustaError.
 */
export async function sshCopy(app: App, name: string | undefined, flags?: LoginFlags): Promise<ResultOf<'ssh-copy'>> {
  const vm = await resolveOrAskVm(app, name);
  const files = keysToCopy(app);
  const result = { vm: vm.name, keys: files.map((file) => basename(file)) };
  if (files.length === 0) return result;
  await app.brew.ensure(SSHPASS);
  await withRunningVm(app, vm, `rusta ssh-copy ${vm.name}`, async (failWhen) => {
    await copyKeys(app, vm.name, await findLogin(app, { vm: vm.name, flags, failWhen }), files);
  });
  return result;
}
