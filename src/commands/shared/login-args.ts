import { checkLogin, type LoginFlags } from '../../vm/credentials.ts';
import { checkVmName } from '../../vm/name.ts';
import type { ValueDef } from './leaf.ts';

/** For VMs that rusta did not create, or whose login has changed (design D4). */
export const LOGIN_ARGS = {
  user: { type: 'string', valueHint: 'username', description: 'Login of the guest (default: as given to create, else admin)' },
  password: { type: 'string', valueHint: 'password', description: 'Its password (default: as given to create, else admin)' },
} as const satisfies Record<string, ValueDef>;

/** Throws UsageError for a VM, user name or password that cannot be one. */
export function checkLoginArgs(command: string): (args: LoginFlags & { readonly vm: string | undefined }) => void {
  return ({ vm, ...login }) => {
    if (vm !== undefined) checkVmName(vm, command);
    checkLogin(login, command);
  };
}
