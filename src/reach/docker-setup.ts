import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { withRunningVm } from '../lifecycle/with-running-vm.ts';
import { keepAwake } from '../tools/caffeinate.ts';
import type { LoginFlags } from '../vm/credentials.ts';
import { dockerName, ensureAlias, ensureContext } from '../vm/docker-host.ts';
import { resolveOrAskVm } from '../vm/resolve.ts';
import { installDocker } from './docker-install.ts';
import { ensureKeyPair, installPublicKey } from './key-pair.ts';
import { type KeyTrouble, keyTrouble } from './key-use.ts';
import { awaitTarget } from './target.ts';

/**
 * Installs Docker in a VM and connects the docker CLI of this Mac to it (spec 4.11). Every part looks first whether it is
 * right already; a re-run repairs what is not. Throws RustaError.
 */
export async function dockerSetup(app: App, name: string | undefined, login: LoginFlags): Promise<void> {
  const vm = await resolveOrAskVm(app, name);
  app.sshFiles.assertConfigReadable();
  keepAwake(app);
  await ensureKeyPair(app);
  const trouble = await keyTrouble(app, vm.name);
  const getsIn = await withRunningVm(app, vm, `rusta docker-setup ${vm.name}`, async (failWhen) => {
    const target = await awaitTarget(app, vm.name, login, failWhen);
    await installPublicKey(app, vm.name, target, trouble === undefined);
    const withKey = { ...target, privateKey: app.sshFiles.privateKey };
    const accepted = await app.ssh.acceptsKey(withKey);
    // An agent that only the user's ~/.ssh/config names lets ssh in, but cannot be asked what it holds.
    const serves = accepted && trouble === undefined;
    // From here on `delete` has something to clean up, and logins may use a key that has served.
    await app.store.update((edit) => edit.setVm(vm.name, { key: serves || undefined, docker: true }));
    await installDocker(app, vm.name, serves ? withKey : { ...target, privateKey: undefined });
    await ensureAlias(app, vm.name, target);
    await ensureContext(app, vm.name, target);
    if (accepted) for (const line of summary(vm.name, target.address)) app.out.notice(line);
    return accepted;
  });
  if (!getsIn) throw shutOut(vm.name, trouble, app.sshFiles.privateKey);
}

/** All is set up, but whoever uses the alias or the context would be asked for a passphrase, or refused. */
function shutOut(vm: string, trouble: KeyTrouble | undefined, privateKey: string): RustaError {
  const name = dockerName(vm);
  const reason = trouble?.reason ?? `the guest does not accept the key ${privateKey}`;
  const hint =
    trouble === undefined
      ? `Does its sshd allow keys? 'rusta ssh ${vm} -- sudo sshd -T | grep -i pubkey' tells.`
      : `Run '${trouble.remedy}', then 'rusta docker-setup ${vm}' again.`;
  const done = `Docker is set up in VM '${vm}', but the alias and the context '${name}' cannot be used`;
  return new RustaError('key_unusable', `${done}: ${reason}`, { hint });
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
