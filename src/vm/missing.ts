import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { closest } from '../text/closest.ts';
import { asWord } from '../text/shell.ts';
import type { VmFolder } from '../tools/tart/files.ts';
import type { Vm } from '../tools/tart/list.ts';
import { verifiedPid } from './verified-pid.ts';

export type MissingContext = Pick<App, 'tart' | 'tartFiles' | 'tartProcesses' | 'pids' | 'store' | 'paths'>;

const SEE_LIST = "Run 'rusta list' to see the VMs.";

export function vmNotFound(name: string, hint: string = SEE_LIST): RustaError {
  return new RustaError('vm_not_found', `VM '${name}' not found`, { hint });
}

/** Returns the folder of a VM that Tart cannot list because parts of it are missing; undefined if there is no such folder. */
export function findDamaged(app: Pick<App, 'tartFiles'>, name: string): VmFolder | undefined {
  const folder = app.tartFiles.look(name);
  return folder === undefined || folder.missing.length === 0 ? undefined : folder;
}

export function damageOf({ missing, path }: VmFolder): string {
  return `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing in ${path}`;
}

/** Returns the error for a damaged VM: it is not gone, and nothing may take its place. */
export function vmDamaged(name: string, folder: VmFolder): RustaError {
  return new RustaError('vm_damaged', `VM '${name}' is damaged: ${damageOf(folder)}`, {
    hint: `Put back what is missing, move the folder away, or remove what is left with 'rusta delete ${asWord(name)}'.`,
  });
}

/**
 * Returns the error for a name whose place is taken by something that is not a VM, because a clone would replace it. undefined if nothing
 * is there.
 */
export function vmObstructed(app: Pick<App, 'tartFiles'>, name: string): RustaError | undefined {
  const obstacle = app.tartFiles.obstacle(name);
  if (obstacle === undefined) return undefined;
  return new RustaError('vm_damaged', `VM '${name}' cannot be reached: ${obstacle}`, {
    hint: 'Nothing was changed. Is the disk mounted that it is on? Else move away what stands there.',
  });
}

/** Returns the error for a VM that Tart does not list, with all that is known of it: it may be damaged, renamed or out of reach (D28). */
export async function explainMissing(app: MissingContext, vms: readonly Vm[], name: string): Promise<RustaError> {
  const pid = await verifiedPid(app, name, false);
  const stillRuns = `Its process still runs (pid ${pid}): 'rusta delete ${asWord(name)} --force-running' ends it.`;
  const damaged = findDamaged(app, name);
  if (damaged !== undefined) return pid === undefined ? vmDamaged(name, damaged) : vmDamaged(name, damaged).withHint(stillRuns);
  if (pid !== undefined) return vmNotFound(name, stillRuns);
  const obstructed = vmObstructed(app, name);
  if (obstructed !== undefined) return obstructed;
  const near = closest(
    name,
    vms.map((vm) => vm.name),
  );
  const suggestion = near === undefined ? SEE_LIST : `Did you mean '${near}'? ${SEE_LIST}`;
  if (!app.store.read().vms.has(name)) return vmNotFound(name, suggestion);
  return vmNotFound(name, `${whereItMayBe(app, `rusta knows VM '${name}'`)}\n${suggestion}`);
}

/** Says where VMs may be that rusta knows but Tart does not show. */
export function whereItMayBe({ paths }: Pick<App, 'paths'>, known: string): string {
  return `${known}, but Tart does not show it in ${paths.tartHome}: was it deleted or moved, is a disk not mounted, or TART_HOME another one?`;
}
