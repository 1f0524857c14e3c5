import type { ArgDefs } from './args.ts';
import { seconds, shareArg } from './kinds.ts';

/** How a VM is stopped (spec 4.2). */
export const downArgs = {
  force: { type: 'boolean', alias: ['f'], description: 'Cut the power instead: unsaved data in the guest is lost' },
  timeout: {
    type: 'string',
    valueHint: 'secs',
    default: '60',
    ...seconds({ min: 1, max: 86_400 }),
    description: 'Seconds to wait for the guest to stop',
  },
} as const satisfies ArgDefs;

/** How a VM is booted (spec 4.1). */
export const upArgs = {
  graphical: { type: 'boolean', alias: ['G', 'graphics', 'gui'], description: 'Boot with a graphics window' },
  noGui: { type: 'boolean', alias: ['no-graphics'], description: 'Boot without a window' },
  share: { ...shareArg, description: 'Let it see this folder in this boot: <folder>[:<path in the VM>][:ro], else below /mnt' },
} as const satisfies ArgDefs;

/** Tells whether to boot with a window; undefined boots as it was chosen when the VM was created. */
export function wantsWindow({ graphical, noGui }: { readonly graphical: boolean; readonly noGui: boolean }): boolean | undefined {
  if (graphical) return true;
  return noGui ? false : undefined;
}
