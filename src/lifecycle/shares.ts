import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { mountScript, parseNotMounted } from '../guest/mount-shares.ts';
import { parseWarning } from '../guest/provisioning/provision-script.ts';
import { reasonOf, succeeded } from '../system/programs/command.ts';
import { SHARE_NAME, shareTag } from '../tools/tart/shared-folders.ts';
import { credentialsOf } from '../vm/credentials.ts';
import { checkShares, parseShare, type Share, type ShareRequest } from '../vm/shares.ts';

const MOUNT_MS = 60_000;

/** Returns the shares of a VM's next boot: those on record, and those asked for once. Throws RustaError before anything is started. */
export function sharesOf(app: Pick<App, 'env' | 'store'>, vm: string, once: readonly ShareRequest[]): Share[] {
  const recorded = app.store.read().vms.get(vm)?.shares ?? [];
  return checkShares(app, [...recorded.map((text) => parseShare(text)), ...once]);
}

/** Mounts the shares of a boot through the agent. Throws RustaError naming those that the guest refuses; the others are mounted. */
export async function mountShares(app: App, vm: string, shares: readonly Share[]): Promise<void> {
  if (shares.length === 0) return;
  const { user } = credentialsOf(app, vm);
  const offered = shares.map(({ guest, readOnly }, index) => ({ tag: shareTag(index), guest, readOnly }));
  const refused: string[] = [];
  const onLine = (line: string) => {
    const why = parseNotMounted(line);
    const warning = parseWarning(line);
    if (why !== undefined) refused.push(why);
    if (warning !== undefined) app.out.warn(warning);
  };
  const input = mountScript(offered, SHARE_NAME, user);
  const finished = await app.tart.exec(vm, ['sudo', 'bash', '-s'], { timeoutMs: MOUNT_MS, input, onLine });
  if (succeeded(finished) && refused.length === 0) return;
  const why = refused.length > 0 ? refused.join('; ') : reasonOf(finished);
  throw new RustaError('share_failed', `not all shared folders are mounted in VM '${vm}': ${why}`);
}
