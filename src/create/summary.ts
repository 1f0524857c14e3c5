import type { App } from '../app.ts';
import { age } from '../text/elapsed.ts';
import { IMAGE_CREDENTIALS } from '../vm/credentials.ts';
import type { Created } from './create.ts';

/** An image is not called old before. */
const OLD_MS = 7 * 24 * 3_600_000;

/** Prints what exists now, and what to type next. */
export function printSummary(app: Pick<App, 'out'>, { image, imageAgeMs, plan }: Created): void {
  const { vm, resources, credentials, desktop } = plan;
  const { cpus, memoryMb, diskGb } = resources;
  const { user, password } = credentials;
  // What everybody knows is no secret; any other password is.
  const isImages = user === IMAGE_CREDENTIALS.user && password === IMAGE_CREDENTIALS.password;
  const rows: readonly (readonly [string, string])[] = [
    ['image', image ?? 'unknown'],
    ['size', `${cpus} CPUs, ${memoryMb} MB of memory, ${diskGb} GB of disk`],
    ['screen', desktop === undefined ? 'none' : `${desktop.name} with ${desktop.displayManager}, boots with a window`],
    ['login', isImages ? `${user} / ${password}` : user],
    ['log', `rusta logs ${vm} --provision`],
  ];
  for (const [label, value] of rows) app.out.data(`     ${label.padEnd(6)} ${value}`);
  app.out.ok(`VM '${vm}' is ready: 'rusta up ${vm}' starts it, 'rusta ssh ${vm}' opens a shell`);
  if (image !== undefined && imageAgeMs !== undefined && imageAgeMs >= OLD_MS) {
    app.out.data(`It was cloned from an image of ${age(imageAgeMs)} ago; 'tart pull ${image}' gets the newest for the next one.`);
  }
}
