import { join } from 'node:path';
import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { readIfExists } from '../system/files/files.ts';
import type { Detached } from '../system/programs/detached.ts';
import type { Explanation } from '../text/explain.ts';
import { lastLines, quoted } from '../text/lines.ts';
import { asWord } from '../text/shell.ts';
import { explainTart } from '../tools/tart/messages.ts';
import { findVm } from '../vm/resolve.ts';
import { formatShare, type Share } from '../vm/shares.ts';
import { orphanPid, verifiedPid } from '../vm/verified-pid.ts';
import type { FailWhen } from '../vm/waits/waits.ts';

const LOG_LINES = 5;
/** Milliseconds between looks at a process that another rusta has started. */
const LOOK_MS = 200;

export interface LaunchOptions {
  /** The folders of the Mac that the guest can mount; by default none. */
  readonly shares?: readonly Share[];
  readonly window: boolean;
  /** The caller stops it again (D9). */
  readonly owned: boolean;
}

/**
 * Starts `tart run` for a VM that is not running, whose lock the caller holds. Returns undefined if one is on its way already, because
 * its control socket must not be touched.
 */
export async function launch(app: App, vm: string, { shares = [], window, owned }: LaunchOptions): Promise<Detached | undefined> {
  if ((await verifiedPid(app, vm, false)) !== undefined) return undefined;
  const orphan = await orphanPid(app, vm);
  if (orphan !== undefined) {
    app.out.warn(`the process of a former VM '${vm}' still runs: 'kill -USR2 ${orphan}' shuts it down, 'kill ${orphan}' cuts its power`);
  }
  // From its first boot on a VM has something to lose, so it must no longer count as a bare clone (D28).
  if (app.store.read().vms.get(vm)?.phase === 'cloning') await app.store.update((edit) => edit.setVm(vm, { phase: 'booting' }));
  const mark = app.tartFiles.mark(vm);
  const boot = { mark, window, ready: false, owned, shares: shares.map(formatShare) };
  // A rusta that is killed between the start and the pid would leave a boot that looks like the user's own.
  app.pids.announce(vm, boot);
  const tartRun = app.tart.run(vm, { window, folders: shares }, app.paths.runLog(vm));
  try {
    app.pids.write(vm, tartRun.pid, boot);
  } catch (error) {
    // Nobody would find it again, and its guest is milliseconds old, with nothing to lose in it.
    tartRun.kill('SIGKILL');
    await tartRun.exited;
    throw error;
  }
  return tartRun;
}

/** Leaves a VM to the user that was booted to be stopped again (D9). Returns its pid. */
export function handOver(app: Pick<App, 'pids'>, vm: string, tartRun: Detached): number {
  const { pid } = tartRun;
  const boot = app.pids.boot(vm, pid);
  if (boot !== undefined) app.pids.write(vm, pid, { ...boot, owned: false });
  tartRun.release();
  return pid;
}

/** Rejects when the VM's `tart run` has ended and the VM is off, with the reason, or when the VM is gone. Never resolves. */
export async function failWhenStopped(app: App, vm: string, tartRun: Detached, finished: AbortSignal): Promise<never> {
  const code = await tartRun.exited;
  if (finished.aborted) return forever();
  // Tart also exits with 0 when the guest crashed (docs/tart.md, trap 5), so its list decides whether the VM runs.
  const { status } = findVm(await app.tart.list(), vm);
  if (code === 0 && status === 'running') return forever();
  app.pids.remove(vm, tartRun.pid);
  throw bootFailure(app, vm, code);
}

/** Does the same for a `tart run` that another rusta has started, whose exit code is not known. */
export function failWhenEnded(app: App, vm: string, pid: number): FailWhen {
  return async (finished) => {
    while (app.processes.isAlive(pid)) {
      await app.clock.sleep(LOOK_MS, finished).catch(() => {});
      if (finished.aborted) return forever();
    }
    app.pids.remove(vm, pid);
    throw bootFailure(app, vm, 0);
  };
}

function forever(): Promise<never> {
  return new Promise(() => {});
}

function bootFailure(app: App, vm: string, code: number): RustaError {
  const logFile = app.paths.runLog(vm);
  const log = readIfExists(logFile) ?? '';
  const known = garbled(app, vm, log) ?? explainTart(log);
  const lines = lastLines(log, LOG_LINES);
  const ending = code === 0 ? 'the VM went off' : `'tart run' exited with ${code}`;
  const reason = known?.message ?? lines.at(-1) ?? 'it printed nothing';
  const hint =
    known === undefined
      ? `'rusta doctor ${asWord(vm)}' says what may be wrong with this Mac or Tart.`
      : known.hint?.replace('tart stop <vm>', () => `rusta down ${asWord(vm)} --force`);
  const details = [...(hint ? [hint] : []), ...quoted(lines), `Full log: ${logFile}`];
  return new RustaError('boot_failed', `VM '${vm}' did not start, ${ending}: ${reason}`, { hint: details.join('\n'), log: logFile });
}

/** Tart does not say what it is that it could not read. */
function garbled({ tartFiles, paths }: Pick<App, 'tartFiles' | 'paths'>, vm: string, log: string): Explanation | undefined {
  if (!log.includes('correct format') || !tartFiles.isGarbled(vm)) return undefined;
  const folder = join(paths.tartHome, 'vms', vm);
  return {
    message: 'its config.json is damaged',
    hint: `Put a whole one back into ${folder}, or create it anew: rusta delete ${asWord(vm)}`,
  };
}
