import type { App } from '../app.ts';
import { type SessionContext, withRunning } from '../lifecycle/with-running-vm.ts';
import type { LoginFlags } from '../vm/credentials.ts';
import { type DockerHostContext, dockerName, ensureAlias, ensureContext } from '../vm/docker-host.ts';
import { type ResolveContext, resolveVm } from '../vm/resolve.ts';
import { type DockerInstallContext, installDocker } from './docker-install.ts';
import { ensureIdentity, type IdentityContext, installIdentity } from './key-pair.ts';
import { findTarget, type TargetContext } from './target.ts';

export type DockerSetupContext = SessionContext &
  ResolveContext &
  TargetContext &
  IdentityContext &
  DockerInstallContext &
  DockerHostContext &
  Pick<App, 'store'>;

/** Spec 4.11. Every part looks first whether it is right already; a re-run repairs what is not. Throws RustaError. */
export async function dockerSetup(app: DockerSetupContext, name: string | undefined, login: LoginFlags): Promise<void> {
  const vm = await resolveVm(app, name);
  // Read for its errors: better now than after all the work.
  app.sshFiles.readConfig();
  await ensureIdentity(app);
  await withRunning(app, vm, `rusta docker-setup ${vm.name}`, async (watch) => {
    const target = await findTarget(app, vm.name, login, watch);
    await installIdentity(app, vm.name, target);
    // From here on `delete` has something to clean up, and logins may use the key.
    await app.store.update((edit) => edit.setVm(vm.name, { key: true, docker: true }));
    await installDocker(app, vm.name, { ...target, identity: app.sshFiles.identity });
    await ensureAlias(app, vm.name, target);
    await ensureContext(app, vm.name, target);
    for (const line of summary(vm.name, target.address)) app.out.notice(line);
  });
}

function summary(vm: string, address: string): string[] {
  const name = dockerName(vm);
  return [
    '',
    `Docker on VM '${vm}' is ready. SSH alias: ${name}, Docker context: ${name}`,
    `  1. rusta up ${vm}`,
    `  2. docker context use ${name}   (or docker --context ${name} ...)`,
    '  3. docker run hello-world',
    `The alias is pinned to ${address}; 'rusta up ${vm}' and 'rusta docker-setup ${vm}' refresh it when the address changes.`,
  ];
}
