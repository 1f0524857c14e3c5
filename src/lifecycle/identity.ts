import type { App } from '../app.ts';
import { ToolError } from '../errors.ts';
import { confirmsIdentity, identityScript } from '../guest/identity.ts';
import { vmBusy } from '../state/vm-lock.ts';
import { acquireLock } from '../system/files/lock.ts';
import { lastLines } from '../text/lines.ts';
import { asWord } from '../text/shell.ts';

/** Milliseconds: the guest makes new host keys, which takes a slow one some seconds. */
const GIVE_MS = 60_000;

/**
 * Gives a running copy an identity of its own through the agent, if it has none yet (D19). If the guest refuses, it only warns: the mark
 * stays on record, and the next `up` tries again.
 */
export async function settleIdentity(app: App, vm: string): Promise<void> {
  const isPending = () => app.store.read().vms.get(vm)?.identity !== undefined;
  if (!isPending()) return;
  // Two commands may find the same boot, so one waits for the other.
  const options = { purpose: `rusta up ${vm}`, waitMs: GIVE_MS, signal: app.interrupt.signal };
  const result = await acquireLock(app.paths.identityLock(vm), app.clock, options);
  if ('heldBy' in result) throw vmBusy(app, vm, result.heldBy);
  try {
    if (isPending()) await giveIdentity(app, vm);
  } finally {
    result.lock.discard();
  }
}

async function giveIdentity(app: App, vm: string): Promise<void> {
  app.progress.step(`Giving VM '${vm}' an identity of its own`);
  const refusal = await askToTakeIdentity(app, vm);
  if (refusal === undefined) {
    await app.store.update((edit) => edit.setVm(vm, { identity: undefined }));
    app.progress.end('done');
    return;
  }
  app.progress.end('stopped');
  app.out.warn(
    `VM '${vm}' still has the hostname, machine-id and SSH host keys of the VM that it is a copy of: ${refusal}; 'rusta up ${asWord(vm)}' tries again`,
  );
}

/** Returns why the guest has not taken it; undefined once it has confirmed. */
async function askToTakeIdentity({ tart }: Pick<App, 'tart'>, vm: string): Promise<string | undefined> {
  try {
    const { code, stdout, stderr, timedOut } = await tart.exec(vm, ['sudo', 'bash', '-s'], {
      input: identityScript(vm),
      timeoutMs: GIVE_MS,
    });
    if (timedOut) return `it did not take its own within ${GIVE_MS / 1_000} s`;
    if (code === 0 && confirmsIdentity(stdout)) return undefined;
    return lastLines(stderr, 1)[0] ?? (code === 0 ? 'it did not confirm its own' : `exit code ${code}`);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return error.message;
  }
}
