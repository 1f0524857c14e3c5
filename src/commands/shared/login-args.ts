import { checkUserName } from '../../vm/credentials.ts';
import { checkVmName } from '../../vm/name.ts';
import type { ValueDef } from './leaf.ts';

/** For VMs that rusta did not create, or whose login has changed (design D4). */
export const LOGIN_ARGS = {
  user: { type: 'string', valueHint: 'username', description: 'Login of the guest (default: as given to create, else admin)' },
  password: { type: 'string', valueHint: 'password', description: 'Its password (default: as given to create, else admin)' },
} as const satisfies Record<string, ValueDef>;

/** Throws UsageError for a VM or user name that cannot be one. */
export function checkLoginArgs(command: string): (args: { readonly vm: string | undefined; readonly user: string | undefined }) => void {
  return ({ vm, user }) => {
    if (vm !== undefined) checkVmName(vm, command);
    if (user !== undefined) checkUserName(user, command);
  };
}
