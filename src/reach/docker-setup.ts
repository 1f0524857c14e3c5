import type { App } from '../app.ts';
import type { ResultOf } from '../contract/results.ts';
import { RustaError, ToolError } from '../errors.ts';
import { withRunningVm } from '../lifecycle/with-running-vm.ts';
import { succeeded } from '../system/programs/command.ts';
import { firstLine } from '../text/lines.ts';
import { DOCKER, SSHPASS } from '../tools/brew.ts';
import { keepAwake } from '../tools/caffeinate.ts';
import type { LoginFlags } from '../vm/credentials.ts';
import { dockerName, ensureAlias, ensureContext } from '../vm/docker-host.ts';
import { isPlainVmName, NEW_NAME_RULE } from '../vm/name.ts';
import { resolveOrAskVm } from '../vm/resolve.ts';
import { hostNameFor } from '../vm/ssh-host.ts';
import type { FailWhen } from '../vm/waits.ts';
import { installDocker } from './docker-install.ts';
import { setupIsUnusable, setupSummary } from './docker-summary.ts';
import { ensureKeyPair, installPublicKey } from './key-pair.ts';
import { type KeyTrouble, keyTrouble } from './key-use.ts';
import { createLogin, type Login } from './login.ts';
import { findLogin } from './target.ts';

const KEY_MS = 20_000;

/**
 * Installs Docker in a VM and connects the docker CLI of this Mac to it (spec 4.11). Every part looks first whether it is
 * right already; a re-run repairs what is not. Throws RustaError.
 */
export async function dockerSetup(app: App, name: string | undefined, flags: LoginFlags): Promise<ResultOf<'docker-setup'>> {
  const vm = await resolveOrAskVm(app, name);
  requirePlainName(vm.name);
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

/** The name stands in `~/.ssh/config` and names a context: neither knows quotes. Throws RustaError. */
function requirePlainName(vm: string): void {
  if (isPlainVmName(vm)) return;
  throw new RustaError('usage', `VM '${vm}' cannot have an SSH alias and a Docker context: ${NEW_NAME_RULE}`, {
    hint: `Give it such a name first, with 'tart rename'.`,
  });
}

interface SetupRequest {
  readonly flags: LoginFlags;
  readonly trouble: KeyTrouble | undefined;
  readonly failWhen: FailWhen | undefined;
}

/** Does everything that can be done; returns why the alias does not serve where it is ours and does not. */
async function setUp(
  app: App,
  vm: string,
  { flags, trouble, failWhen }: SetupRequest,
): Promise<ResultOf<'docker-setup'> | { readonly unusable: KeyTrouble }> {
  const login = await findLogin(app, { vm, flags, failWhen });
  await installPublicKey(app, vm, login, trouble === undefined);
  const accepted = await acceptsKey(app, login);
  // An agent that only the user's ~/.ssh/config names lets ssh in, but cannot be asked what it holds.
  const serves = accepted && trouble === undefined;
  // From here on `delete` has something to clean up, and logins may use a key that has served.
  await app.store.update((edit) => edit.setVm(vm, { key: serves || undefined, docker: true }));
  const privateKey = serves ? app.sshFiles.privateKey : undefined;
  // A block that the user has to put in place is shown before the long work.
  const early = app.sshFiles.whyReadOnly() === undefined ? undefined : await ensureAlias(app, vm, login.target);
  await installDocker(app, vm, createLogin(app, vm, { ...login.target, privateKey }, failWhen));
  const alias = early ?? (await ensureAlias(app, vm, login.target));
  const leads = alias !== 'users' || (await hostNameFor(app, dockerName(vm))) === login.target.address;
  const context = await ensureContext(app, vm, login.target, leads);
  if (!accepted) return { unusable: trouble ?? refusedKey(app, vm) };
  const isTried = leads && alias !== 'to be pasted';
  const unusable = isTried ? await tryAlias(app, vm, login, context) : undefined;
  if (unusable !== undefined) return { unusable };
  const { address } = login.target;
  for (const line of setupSummary(vm, address, { alias, leads })) app.out.note(line);
  return { vm, address, alias: dockerName(vm), alias_state: alias, context: dockerName(vm), ready: isTried && context };
}

/** Tells whether the guest lets our key in, without a question to anybody. */
async function acceptsKey(app: App, login: Login): Promise<boolean> {
  const { privateKey } = app.sshFiles;
  return succeeded(await login.through((target) => app.ssh.run({ ...target, privateKey }, 'true', { timeoutMs: KEY_MS })));
}

function refusedKey(app: App, vm: string): KeyTrouble {
  return {
    reason: `the guest does not accept the key ${app.sshFiles.privateKey}`,
    remedy: `Does its sshd allow keys? 'rusta ssh ${vm} -- sudo sshd -T | grep -i pubkey' tells.`,
  };
}

/** Logs in once as docker will, and lets docker ask its engine: nothing is said to be ready that was not tried (D12). */
async function tryAlias(app: App, vm: string, login: Login, context: boolean): Promise<KeyTrouble | undefined> {
  const name = dockerName(vm);
  const result = await login.through(() => app.ssh.tryHost(name));
  if (!succeeded(result)) {
    const said = firstLine(result.stderr) ?? (result.timedOut ? 'it did not answer' : `exit code ${result.code}`);
    return { reason: `'ssh ${name}' fails: ${said}`, remedy: `Look at what decides it: ssh -v ${name} true` };
  }
  if (!context) return undefined;
  try {
    await app.docker.assertReaches(name);
    return undefined;
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return { reason: error.message, remedy: `Look at the engine: rusta ssh ${vm} -- systemctl status docker` };
  }
}
