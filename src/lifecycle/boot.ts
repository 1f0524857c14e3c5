import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { readIfExists } from '../system/files/files.ts';
import type { Detached } from '../system/programs/detached.ts';
import { lastLines } from '../text/lines.ts';
import { explainTart } from '../tools/tart-messages.ts';
import { findVm } from '../vm/resolve.ts';
import { trackedPid } from '../vm/tracked-pid.ts';

export type BootContext = Pick<App, 'tart' | 'pids' | 'paths' | 'clock' | 'interrupt' | 'env' | 'out' | 'runner' | 'processes'>;

const LOG_LINES = 5;
/**
 * Starts `tart run` for a VM that is not running; the caller holds the VM's lock. undefined if one is on its way
 * already: its control socket must not be touched.
 */
export async function launch(app: BootContext, vm: string, graphics: boolean): Promise<Detached | undefined> {
  if ((await trackedPid(app, vm)) !== undefined) return undefined;
  const process = app.tart.run(vm, graphics, app.paths.runLog(vm));
  try {
    app.pids.write(vm, process.pid);
  } catch (error) {
    // Nobody would find it again. Its guest is milliseconds old: there is nothing to lose in it.
    process.kill('SIGKILL');
    await process.exited;
    throw error;
  }
  return process;
}

/** Rejects when the VM's process has ended, saying why; with exit code 2 if the VM is gone. Never resolves. */
export async function watchProcess(app: BootContext, vm: string, process: Detached, over: AbortSignal): Promise<never> {
  const code = await process.exited;
  if (over.aborted) return forever();
  // Tart also ends with 0 when the guest crashed (contract, trap 5): what counts is whether the VM runs.
  const { status } = findVm(await app.tart.list(), vm);
  if (code === 0 && status === 'running') return forever();
  app.pids.remove(vm, process.pid);
  throw bootFailure(vm, code, app.paths.runLog(vm));
}

function forever(): Promise<never> {
  return new Promise(() => {});
}

function bootFailure(vm: string, code: number, logFile: string): RustaError {
  const log = readIfExists(logFile) ?? '';
  const known = explainTart(log);
  const lines = lastLines(log, LOG_LINES);
  const ending = code === 0 ? 'the VM went off' : `'tart run' ended with exit code ${code}`;
  const reason = known?.message ?? lines.at(-1) ?? 'it printed nothing';
  const details = [...(known?.hint ? [known.hint] : []), ...lines.map((line) => `  | ${line}`), `Full log: ${logFile}`];
  return new RustaError(`VM '${vm}' did not start, ${ending}: ${reason}`, { hint: details.join('\n') });
}
