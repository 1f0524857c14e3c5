import type { App } from '../app.ts';
import type { Created } from './create.ts';

/** Prints what exists now, and what to type next. */
export function printSummary(app: Pick<App, 'out'>, { image, plan }: Created): void {
  const { vm, resources, credentials, desktop } = plan;
  const { cpus, memoryMb, diskGb } = resources;
  const rows: readonly (readonly [string, string])[] = [
    ['image', image ?? 'unknown'],
    ['size', `${cpus} CPUs, ${memoryMb} MB of memory, ${diskGb} GB of disk`],
    ['screen', desktop === undefined ? 'none' : `${desktop.name} with ${desktop.displayManager}, boots with a window`],
    ['login', credentials.user],
    ['log', `rusta logs ${vm} --provision`],
  ];
  for (const [label, value] of rows) app.out.data(`     ${label.padEnd(6)} ${value}`);
  app.out.ok(`VM '${vm}' is ready: 'rusta up ${vm}' starts it, 'rusta ssh ${vm}' opens a shell`);
}
