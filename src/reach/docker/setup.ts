import type { App } from '../../app.ts';
import type { ResultOf } from '../../contract/results.ts';
import { ToolError } from '../../errors.ts';
import { withRunningVm } from '../../lifecycle/with-running-vm.ts';
import { keepAwake } from '../../tools/caffeinate.ts';
import { DOCKER, SSHPASS } from '../../tools/homebrew/brew.ts';
import type { LoginFlags } from '../../vm/credentials.ts';
import { requireAliasName } from '../../vm/name.ts';
import { dockerAlias, dockerName, ensureContext } from '../../vm/names/docker-host.ts';
import { rustaName } from '../../vm/names/rusta-host.ts';
import { retireSharedConnections } from '../../vm/names/shared-connection.ts';
import { ensureAlias } from '../../vm/names/ssh-alias.ts';
import { settingFor } from '../../vm/names/ssh-host.ts';
import { resolveOrAskVm } from '../../vm/resolve.ts';
import type { FailWhen } from '../../vm/waits/waits.ts';
import { aliasTrouble, enterKey } from '../login/key-login.ts';
import { ensureKeyPair } from '../login/key-pair.ts';
import { type KeyTrouble, keyTrouble } from '../login/key-use.ts';
import { createLogin, type Login } from '../login/login.ts';
import { findLogin } from '../login/target.ts';
import { installDocker } from './install.ts';
import { setupIsUnusable, setupSummary } from './summary.ts';

/**
 * Installs Docker in a VM and connects the docker CLI of this Mac to it (spec 4.11). Every part first looks whether it is right already,
 * so that a second run repairs what is not. Throws RustaError.
 */
export async function dockerSetup(app: App, name: string | undefined, flags: LoginFlags): Promise<ResultOf<'docker-setup'>> {
  const vm = await resolveOrAskVm(app, name);
  requireAliasName(vm.name, 'an SSH alias and a Docker context');
  await app.brew.ensure(SSHPASS);
  await app.brew.ensure(DOCKER);
  await app.docker.assertContexts();
  app.sshFiles.readConfig();
  keepAwake(app);
  await ensureKeyPair(app);
  const trouble = await keyTrouble(app, vm.name);
  const purpose = `rusta docker-setup ${vm.name}`;
  const outcome = await withRunningVm(app, vm, purpose, (failWhen) => setUp(app, vm.name, { flags, trouble, failWhen }));
  if ('unusable' in outcome) throw setupIsUnusable(vm.name, outcome.unusable);
  return outcome;
}

interface SetupRequest {
  readonly flags: LoginFlags;
  readonly trouble: KeyTrouble | undefined;
  readonly failWhen: FailWhen | undefined;
}

/** Does all parts that can be done. If the alias is ours but cannot be used, the result says why. */
async function setUp(
  app: App,
  vm: string,
  { flags, trouble, failWhen }: SetupRequest,
): Promise<ResultOf<'docker-setup'> | { readonly unusable: KeyTrouble }> {
  const login = await findLogin(app, { vm, flags, failWhen });
  const { serves, trouble: refusal } = await enterKey(app, vm, login, trouble);
  // From here on `delete` has something to clean up, and logins may use a key that has served.
  await app.store.update((edit) => edit.setVm(vm, { key: serves || undefined, docker: true }));
  const privateKey = serves ? app.sshFiles.privateKey : undefined;
  const isAtAddress = login.target.proxyCommand === undefined;
  const isReadOnly = app.sshFiles.whyReadOnly() !== undefined;
  // A block that the user must put in place is shown before the long work.
  const early = isAtAddress && isReadOnly ? await ensureAlias(app, dockerAlias(app, vm, login.target)) : undefined;
  await installDocker(app, vm, createLogin(app, vm, { ...login.target, privateKey }, failWhen));
  // Connections of earlier logins are not in Docker's group.
  await retireSharedConnections(app, vm);
  if (!isAtAddress) return { unusable: closedWay(vm) };
  const alias = early ?? (await ensureAlias(app, dockerAlias(app, vm, login.target)));
  const leads = alias !== 'users' || (await settingFor(app, dockerName(vm))) === login.target.address;
  const context = await ensureContext(app, vm, login.target, leads);
  if (refusal !== undefined) return { unusable: refusal };
  const isTried = leads && alias !== 'to be pasted';
  const unusable = isTried ? await tryAlias(app, vm, login, context) : undefined;
  if (unusable !== undefined) return { unusable };
  const { address } = login.target;
  for (const line of setupSummary(vm, address, { alias, leads, staysUp: failWhen === undefined })) app.out.note(line);
  return { vm, address, alias: dockerName(vm), alias_state: alias, context: dockerName(vm), ready: isTried && context };
}

/** Returns the trouble of a guest whose address cannot be reached: the alias is pinned to an address (spec 4.11), so there is nothing to pin. */
function closedWay(vm: string): KeyTrouble {
  const otherWay = `Meanwhile: rusta ssh-setup ${vm} && docker -H ssh://${rustaName(vm)} ps`;
  return { reason: 'docker logs in at its address, to which there is no way', remedy: `'rusta doctor ${vm}' says why. ${otherWay}` };
}

/** Logs in once as docker will, and lets docker ask its engine: nothing is called ready that was not tried (D12). */
async function tryAlias(app: App, vm: string, login: Login, context: boolean): Promise<KeyTrouble | undefined> {
  const name = dockerName(vm);
  const trouble = aliasTrouble(name, await login.through(() => app.ssh.tryHost(name)));
  if (trouble !== undefined || !context) return trouble;
  try {
    await app.docker.assertReaches(name);
    return undefined;
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return { reason: error.message, remedy: `Look at the engine: rusta ssh ${vm} -- systemctl status docker` };
  }
}
