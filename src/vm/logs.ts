import type { App } from '../app.ts';
import type { ResultOf } from '../contract/results.ts';
import { RustaError } from '../errors.ts';
import { type Growing, openGrowingFile } from '../system/files/growing-file.ts';
import { stripControl } from '../text/control.ts';
import { asWord } from '../text/shell.ts';
import { resolveOrAskVm } from './resolve.ts';
import { verifiedPid } from './verified-pid.ts';

type Kind = 'provision' | 'run';

export interface LogsOptions {
  /** The log to print; undefined prints both, in the order in which they came to be. */
  readonly only: Kind | undefined;
  readonly follow: boolean;
}

const KINDS: readonly Kind[] = ['provision', 'run'];
/** Milliseconds between looks: short enough for a reader, long enough for a laptop's battery. */
const POLL_MS = 200;
/** If there is no process to watch, Tart is asked at every so many looks whether the VM still runs. */
const LIST_EVERY = 10;

/** Prints the logs kept of a VM on stdout, without control characters, and returns them. Throws RustaError (exit 1) if there is none. */
export async function printLogs(app: App, name: string | undefined, { only, follow }: LogsOptions): Promise<ResultOf<'logs'>> {
  const vm = await resolveOrAskVm(app, name);
  const phase = app.store.read().vms.get(vm.name)?.phase;
  const followed = only ?? (phase === undefined ? 'run' : 'provision');
  const kinds = only === undefined && !follow ? KINDS : [followed];
  const files = kinds.map((kind) => ({ kind, path: pathOf(app, vm.name, kind), file: openGrowingFile(pathOf(app, vm.name, kind)) }));
  const logs: ResultOf<'logs'>['logs'] = [];
  for (const { kind, path, file } of files) {
    const text = file.read(!follow);
    if (text === undefined) continue;
    logs.push({ kind, path, text: stripControl(text) });
    if (files.length > 1) app.out.notice(`# ${path}`);
    print(app, text);
  }
  if (follow && vm.status === 'running') {
    for (const { file } of files) await followFile(app, vm.name, file);
    return { vm: vm.name, logs };
  }
  if (logs.length === 0) {
    throw new RustaError('nothing_to_read', `no log of VM '${vm.name}' is kept: ${files.map(({ path }) => path).join(', ')}`, {
      hint: `'rusta up ${asWord(vm.name)}' writes one; a VM that another program started has none.`,
    });
  }
  if (follow) app.out.notice(`VM '${vm.name}' is not running: nothing more will come.`);
  return { vm: vm.name, logs };
}

async function followFile(app: App, vm: string, file: Growing): Promise<void> {
  const pid = await verifiedPid(app, vm);
  for (let polls = 1; ; polls += 1) {
    // Asked before reading, so that the last lines are read after the end.
    const isOver = !(await isStillOn(app, vm, pid, polls));
    const text = file.read(isOver);
    if (text !== undefined) print(app, text);
    if (isOver) return;
    await app.clock.sleep(POLL_MS, app.interrupt.signal);
  }
}

async function isStillOn(app: App, vm: string, pid: number | undefined, polls: number): Promise<boolean> {
  if (pid !== undefined) return app.processes.isAlive(pid);
  if (polls % LIST_EVERY !== 0) return true;
  return (await app.tart.list()).some(({ name, status }) => name === vm && status === 'running');
}

function pathOf(app: Pick<App, 'paths'>, vm: string, kind: Kind): string {
  return kind === 'run' ? app.paths.runLog(vm) : app.paths.provisionLog(vm);
}

function print(app: Pick<App, 'out'>, text: string): void {
  const clean = stripControl(text).replace(/\n$/, '');
  if (clean !== '') app.out.data(clean);
}
