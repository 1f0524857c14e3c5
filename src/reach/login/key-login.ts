import type { App } from '../../app.ts';
import { succeeded } from '../../system/programs/command.ts';
import { firstLine } from '../../text/lines.ts';
import { installPublicKey } from './key-pair.ts';
import type { KeyTrouble } from './key-use.ts';
import type { Login } from './login.ts';

const KEY_MS = 20_000;

/** What a guest that was given our key makes of it. */
export interface KeyEntry {
  /** Logins may use it: nobody is asked for a passphrase. */
  readonly serves: boolean;
  /** Why the guest does not let it in; undefined where it does. */
  readonly trouble: KeyTrouble | undefined;
}

/**
 * Lets the guest know our key, and tries it. `trouble` is why it cannot be used without a question. An agent that only the user's
 * ~/.ssh/config names lets ssh in all the same, but cannot be asked what it holds.
 */
export async function enterKey(app: App, vm: string, login: Login, trouble: KeyTrouble | undefined): Promise<KeyEntry> {
  await installPublicKey(app, vm, login, trouble === undefined);
  const { privateKey } = app.sshFiles;
  const tried = await login.through((target) => app.ssh.run({ ...target, privateKey }, 'true', { timeoutMs: KEY_MS }));
  if (succeeded(tried)) return { serves: trouble === undefined, trouble: undefined };
  return { serves: false, trouble: trouble ?? refusedKey(app, vm) };
}

function refusedKey(app: App, vm: string): KeyTrouble {
  return {
    reason: `the guest does not accept the key ${app.sshFiles.privateKey}`,
    remedy: `Does its sshd allow keys? 'rusta ssh ${vm} -- sudo sshd -T | grep -i pubkey' tells.`,
  };
}

type Tried = Awaited<ReturnType<App['ssh']['tryHost']>>;

/** Says what was wrong with a login by a host of the user's config; undefined where nothing was. */
export function aliasTrouble(host: string, tried: Tried): KeyTrouble | undefined {
  if (succeeded(tried)) return undefined;
  const said = firstLine(tried.stderr) ?? (tried.timedOut ? 'it did not answer' : `exit code ${tried.code}`);
  return { reason: `'ssh ${host}' fails: ${said}`, remedy: `Look at what decides it: ssh -v ${host} true` };
}

/** What to type about a key or an alias that cannot be used; `command` is what is to be run again then. */
export function remedyHint({ remedy }: KeyTrouble, command: string): string {
  return remedy.startsWith('ssh-add') || remedy.startsWith('rusta') ? `Run '${remedy}', then '${command}' again.` : remedy;
}
