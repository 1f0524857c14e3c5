import type { App } from '../app.ts';
import { type SessionContext, withRunning } from '../lifecycle/with-running-vm.ts';
import type { LoginFlags } from '../vm/credentials.ts';
import { type ResolveContext, resolveVm } from '../vm/resolve.ts';
import { collectKeys, copyKeys, type KeysContext } from './copy-keys.ts';
import { findTarget, type TargetContext } from './target.ts';

export type SshCopyContext = SessionContext & KeysContext & TargetContext & ResolveContext & Pick<App, 'out'>;

/** Spec 4.10. Boots the VM only if there is something to copy, and stops only what it booted. Throws RustaError. */
export async function sshCopy(app: SshCopyContext, name: string | undefined, login: LoginFlags): Promise<void> {
  const vm = await resolveVm(app, name);
  const files = collectKeys(app);
  if (files.length === 0) {
    app.out.skip(`no id_* or *.pem files in ${app.sshFiles.folder}, nothing to copy`);
    return;
  }
  await withRunning(app, vm, `rusta ssh-copy ${vm.name}`, async (watch) => {
    await copyKeys(app, vm.name, await findTarget(app, vm.name, login, watch), files);
  });
}
