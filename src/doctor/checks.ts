import type { Check } from './check.ts';
import { GUEST_CHECKS } from './checks/guests.ts';
import { HOST_CHECKS } from './checks/host.ts';
import { NETWORK_CHECKS } from './checks/network.ts';
import { SSH_NAME_CHECKS } from './checks/ssh-names.ts';
import { TART_CHECKS } from './checks/tart.ts';
import { VM_CHECKS } from './checks/vms.ts';

/** All checks in the order of the report. README's table is made from them. */
export const CHECKS: readonly Check[] = [
  ...HOST_CHECKS,
  ...TART_CHECKS,
  ...NETWORK_CHECKS,
  ...VM_CHECKS,
  ...GUEST_CHECKS,
  ...SSH_NAME_CHECKS,
];
