import type { App } from '../../app.ts';
import { succeeded } from '../../system/programs/command.ts';
import { firstLine } from '../../text/lines.ts';
import { installPublicKey } from './key-pair.ts';
import type { KeyTrouble } from './key-use.ts';
import type { Login } from './login.ts';

const KEY_MS = 20_000;

/** The result of giving our key to a guest. */
export interface KeyEntry {
  /** Logins may use the key, because none of them is asked for a passphrase. */
  readonly serves: boolean;
  /** Why the guest does not accept it; undefined if it does. */
  readonly trouble: KeyTrouble | undefined;
}

/**
 * Gives our key to the guest, and tries it. `trouble` is why it cannot be used without a question. With an agent that only the user's
 * ~/.ssh/config names, ssh gets in all the same, but rusta cannot ask that agent for its keys.
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

/** Returns what was wrong with a login by a host of the user's config; undefined if it succeeded. */
export function aliasTrouble(host: string, tried: Tried): KeyTrouble | undefined {
  if (succeeded(tried)) return undefined;
  const said = firstLine(tried.stderr) ?? (tried.timedOut ? 'it did not answer' : `exit code ${tried.code}`);
  return { reason: `'ssh ${host}' fails: ${said}`, remedy: `Look at what decides it: ssh -v ${host} true` };
}

/** Returns what to type about a key or an alias that cannot be used; `command` must be run again afterwards. */
export function remedyHint({ remedy }: KeyTrouble, command: string): string {
  return remedy.startsWith('ssh-add') || remedy.startsWith('rusta') ? `Run '${remedy}', then '${command}' again.` : remedy;
}
