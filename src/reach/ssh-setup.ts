import type { App } from '../app.ts';
import type { ResultOf } from '../contract/results.ts';
import { RustaError } from '../errors.ts';
import { hostKeysScript, parseHostKeys } from '../guest/host-keys.ts';
import { withRunningVm } from '../lifecycle/with-running-vm.ts';
import { succeeded } from '../system/programs/command.ts';
import { firstLine } from '../text/lines.ts';
import { SSHPASS } from '../tools/homebrew/brew.ts';
import type { LoginFlags } from '../vm/credentials.ts';
import { requireAliasName } from '../vm/name.ts';
import { knowHostKeys, rustaAlias, rustaName } from '../vm/names/rusta-host.ts';
import { type AliasState, ensureAlias, showAlias, type WantedAlias } from '../vm/names/ssh-alias.ts';
import { resolveOrAskVm } from '../vm/resolve.ts';
import type { FailWhen } from '../vm/waits/waits.ts';
import { aliasTrouble, enterKey, remedyHint } from './login/key-login.ts';
import { ensureKeyPair } from './login/key-pair.ts';
import { type KeyTrouble, keyTrouble } from './login/key-use.ts';
import { findLogin } from './login/target.ts';

export interface SshSetupRequest {
  readonly login: LoginFlags;
  readonly autoUp: boolean;
}

const HOST_KEYS_MS = 20_000;

/**
 * Makes a name for a VM by which every program that knows ssh reaches it, and which leads nowhere else (D21). Every part first looks
 * whether it is right already. Throws RustaError.
 */
export async function sshSetup(app: App, name: string | undefined, request: SshSetupRequest): Promise<ResultOf<'ssh-setup'>> {
  const vm = await resolveOrAskVm(app, name);
  requireAliasName(vm.name, 'an SSH alias');
  await app.brew.ensure(SSHPASS);
  app.sshFiles.readConfig();
  await ensureKeyPair(app);
  const trouble = await keyTrouble(app, vm.name);
  const purpose = `rusta ssh-setup ${vm.name}`;
  const setUp = await withRunningVm(app, vm, purpose, (failWhen) => setUpAlias(app, vm.name, { ...request, trouble, failWhen }));
  report(app, vm.name, setUp);
  return { vm: vm.name, alias: setUp.wanted.alias, alias_state: setUp.state };
}

interface SetUp {
  readonly wanted: WantedAlias;
  /** The login of the guest. */
  readonly user: string;
  readonly state: AliasState;
  /** Why the alias cannot be used, though it is in place. */
  readonly unusable: KeyTrouble | undefined;
}

async function setUpAlias(
  app: App,
  vm: string,
  {
    login: flags,
    autoUp,
    trouble,
    failWhen,
  }: SshSetupRequest & { readonly trouble: KeyTrouble | undefined; readonly failWhen: FailWhen | undefined },
): Promise<SetUp> {
  const hostKeys = await readHostKeys(app, vm);
  const login = await findLogin(app, { vm, flags, failWhen });
  const entry = await enterKey(app, vm, login, trouble);
  // From here on `delete` has something to clean up, and logins may use a key that has served.
  await app.store.update((edit) => edit.setVm(vm, { key: entry.serves || undefined, ssh: true }));
  knowHostKeys(app, vm, hostKeys);
  const { user } = login.target;
  const wanted = rustaAlias(app, vm, { user, autoUp });
  const state = await ensureAlias(app, wanted);
  if (entry.trouble !== undefined || state !== 'ours') return { wanted, user, state, unusable: entry.trouble };
  return { wanted, user, state, unusable: aliasTrouble(wanted.alias, await app.ssh.tryHost(wanted.alias)) };
}

/** Reads the guest's host keys through its agent, where no other machine can answer. Throws RustaError. */
async function readHostKeys(app: App, vm: string): Promise<string[]> {
  const input = hostKeysScript(Math.round(Date.now() / 1_000));
  const told = await app.tart.exec(vm, ['sudo', 'bash', '-s'], { timeoutMs: HOST_KEYS_MS, input });
  const keys = succeeded(told) ? parseHostKeys(told.stdout) : [];
  if (keys.length > 0) return keys;
  const reason = told.timedOut ? 'its guest agent does not answer' : (firstLine(told.stderr) ?? `exit code ${told.code}`);
  throw new RustaError('ssh_setup_failed', `the SSH host keys of VM '${vm}' cannot be read: ${reason}`, {
    hint: `They are read through the guest agent alone. 'rusta doctor ${vm}' says what may be wrong with it.`,
  });
}

/** Says how to use the name. Throws RustaError if it cannot be used. */
function report(app: App, vm: string, { wanted, user, state, unusable }: SetUp): void {
  const { alias } = wanted;
  const again = `rusta ssh-setup ${vm}`;
  if (state === 'users') {
    app.out.notice(`Under another name, or in place of your own entry, this block leads to VM '${vm}':`);
    showAlias(app, wanted);
    throw new RustaError('ssh_setup_failed', `'${alias}' is an entry of your own in the ssh config: it was not changed`, {
      hint: `Rename it, then run '${again}' again; or paste the block above.`,
    });
  }
  if (unusable !== undefined) {
    throw new RustaError('key_unusable', `VM '${vm}' is set up, but '${alias}' cannot be used: ${unusable.reason}`, {
      hint: remedyHint(unusable, again),
    });
  }
  const lines =
    state === 'to be pasted'
      ? [`Once the block above is in place, 'ssh ${alias}' leads to VM '${vm}'; '${again}' tries that.`]
      : summary(vm, user);
  for (const line of ['', ...lines]) app.out.note(line);
}

function summary(vm: string, user: string): string[] {
  const name = rustaName(vm);
  const home = user === 'root' ? '/root' : `/home/${user}`;
  return [
    `VM '${vm}' is ${name} for ssh, scp, rsync, git, VS Code and whatever else knows ssh:`,
    `  ssh ${name}`,
    `  rsync -a src/ ${name}:src/`,
    `  git clone ${name}:project.git`,
    `  code --remote ssh-remote+${name} ${home}`,
  ];
}
