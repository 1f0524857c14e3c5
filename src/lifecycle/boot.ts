import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { readIfExists } from '../system/files/files.ts';
import type { Detached } from '../system/programs/detached.ts';
import { lastLines, quoted } from '../text/lines.ts';
import { explainTart } from '../tools/tart-messages.ts';
import { findVm } from '../vm/resolve.ts';
import { verifiedPid } from '../vm/verified-pid.ts';

const LOG_LINES = 5;

/**
 * Starts `tart run` for a VM that is not running; the caller holds the VM's lock. Returns undefined if one is on its way
 * already: its control socket must not be touched.
 */
export async function launch(app: App, vm: string, window: boolean): Promise<Detached | undefined> {
  if ((await verifiedPid(app, vm)) !== undefined) return undefined;
  const tartRun = app.tart.run(vm, window, app.paths.runLog(vm));
  try {
    app.pids.write(vm, tartRun.pid);
  } catch (error) {
    // Nobody would find it again. Its guest is milliseconds old: there is nothing to lose in it.
    tartRun.kill('SIGKILL');
    await tartRun.exited;
    throw error;
  }
  return tartRun;
}

/** Rejects when the VM's `tart run` has ended and the VM is off, saying why; or when the VM is gone. Never resolves. */
export async function failWhenStopped(app: App, vm: string, tartRun: Detached, finished: AbortSignal): Promise<never> {
  const code = await tartRun.exited;
  if (finished.aborted) return forever();
  // Tart also exits with 0 when the guest crashed (docs/tart.md, trap 5): what counts is whether the VM runs.
  const { status } = findVm(await app.tart.list(), vm);
  if (code === 0 && status === 'running') return forever();
  app.pids.remove(vm, tartRun.pid);
  throw bootFailure(vm, code, app.paths.runLog(vm));
}

function forever(): Promise<never> {
  return new Promise(() => {});
}

function bootFailure(vm: string, code: number, logFile: string): RustaError {
  const log = readIfExists(logFile) ?? '';
  const known = explainTart(log);
  const lines = lastLines(log, LOG_LINES);
  const ending = code === 0 ? 'the VM went off' : `'tart run' exited with ${code}`;
  const reason = known?.message ?? lines.at(-1) ?? 'it printed nothing';
  const hints =
    known === undefined
      ? [`'rusta doctor ${vm}' says what may be wrong with this Mac or Tart.`]
      : known.hint === undefined
        ? []
        : [known.hint];
  const details = [...hints, ...quoted(lines), `Full log: ${logFile}`];
  return new RustaError('boot_failed', `VM '${vm}' did not start, ${ending}: ${reason}`, { hint: details.join('\n') });
}
