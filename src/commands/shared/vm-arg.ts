import { checkVmName } from '../../vm/name.ts';
import type { PositionalDef } from './leaf.ts';

/** The VM that most commands work on; without it the default VM is used (spec 3). */
export const VM_OR_DEFAULT = {
  type: 'positional',
  required: false,
  description: 'The VM; without it, the default VM',
} as const satisfies PositionalDef;

/** For leaves whose `vm` may be left out. Throws UsageError for a name that no VM can have. */
export function checkVmArg(command: string): (args: { readonly vm: string | undefined }) => void {
  return ({ vm }) => {
    if (vm !== undefined) checkVmName(vm, command);
  };
}
