import type { App } from '../app.ts';
import { age } from '../text/elapsed.ts';
import { credentialsOf, IMAGE_CREDENTIALS } from '../vm/credentials.ts';
import type { Created } from './create.ts';
import { ledgerLine } from './steps.ts';

/** Milliseconds from which on an image is called old. */
const OLD_MS = 7 * 24 * 3_600_000;

type SummaryContext = Pick<App, 'out' | 'store' | 'tartFiles'>;

/** Prints what exists now, and what to type next. */
export function printSummary(app: SummaryContext, created: Created): void {
  const { image, imageAgeMs, plan, ledger } = created;
  const { vm, from } = plan;
  const rows: readonly (readonly [string, string])[] = [
    from === undefined ? ['image', image ?? 'unknown'] : ['copy', `of VM '${from}'`],
    ['size', sizeOf(app, vm)],
    ['screen', screenOf(app, created)],
    ['login', loginOf(app, vm)],
    ...(from === undefined || plan.hasScript ? [['log', `rusta logs ${vm} --provision`] as const] : []),
    ['time', ledgerLine(ledger)],
  ];
  for (const [label, value] of rows) app.out.data(`     ${label.padEnd(6)} ${value}`);
  if (plan.up) app.out.ok(`VM '${vm}' is ready`);
  else app.out.ok(`VM '${vm}' is ready: 'rusta up ${vm}' starts it, 'rusta ssh ${vm}' opens a shell`);
  if (image !== undefined && imageAgeMs !== undefined && imageAgeMs >= OLD_MS) {
    app.out.note(`It was cloned from an image of ${age(imageAgeMs)} ago; 'tart pull ${image}' gets the newest for the next one.`);
  }
}

function sizeOf({ tartFiles }: SummaryContext, vm: string): string {
  const { cpus = '?', memoryMb = '?', diskGb = '?' } = tartFiles.look(vm) ?? {};
  return `${cpus} CPUs, ${memoryMb} MB of memory, ${diskGb} GB of disk`;
}

function screenOf({ store }: SummaryContext, { plan: { vm, desktop } }: Created): string {
  if (desktop !== undefined) return `${desktop.name} with ${desktop.displayManager}, boots with a window`;
  return store.read().vms.get(vm)?.window === true ? 'boots with a window' : 'none';
}

/** Returns the login for people, with its password only if that is the image's, which everybody knows. */
function loginOf(app: SummaryContext, vm: string): string {
  const { user, password } = credentialsOf(app, vm);
  const isImages = user === IMAGE_CREDENTIALS.user && password === IMAGE_CREDENTIALS.password;
  return isImages ? `${user} / ${password}` : user;
}
