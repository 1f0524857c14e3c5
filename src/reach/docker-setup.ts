import type { App } from '../app.ts';
import { withRunningVm } from '../lifecycle/with-running-vm.ts';
import type { LoginFlags } from '../vm/credentials.ts';
import { dockerName, ensureAlias, ensureContext } from '../vm/docker-host.ts';
import { resolveOrAskVm } from '../vm/resolve.ts';
import { installDocker } from './docker-install.ts';
import { ensureKeyPair, installPublicKey } from './key-pair.ts';
import { awaitTarget } from './target.ts';

/**
 * Installs Docker in a VM and connects the docker CLI of this Mac to it (spec 4.11). Every part looks first whether it is
 * right already; a re-run repairs what is not. Throws RustaError.
 */
export async function dockerSetup(app: App, name: string | undefined, login: LoginFlags): Promise<void> {
  const vm = await resolveOrAskVm(app, name);
  app.sshFiles.assertConfigReadable();
  await ensureKeyPair(app);
  await withRunningVm(app, vm, `rusta docker-setup ${vm.name}`, async (failWhen) => {
    const target = await awaitTarget(app, vm.name, login, failWhen);
    await installPublicKey(app, vm.name, target);
    // From here on `delete` has something to clean up, and logins may use the key.
    await app.store.update((edit) => edit.setVm(vm.name, { key: true, docker: true }));
    await installDocker(app, vm.name, { ...target, privateKey: app.sshFiles.privateKey });
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
