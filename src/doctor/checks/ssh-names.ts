import type { Check } from '../check.ts';
import { each } from './vms.ts';

/** Faults of the names that `rusta ssh-setup` makes. */
export const SSH_NAME_CHECKS: readonly Check[] = [
  {
    id: 'ssh-name-missing',
    group: 'VMs',
    title: "VM '<vm>' is set up for ssh, but ~/.ssh/config has no alias <alias>",
    reason: 'Somebody removed it, or the file came from a backup.',
    command: 'rusta ssh-setup <vm>',
    find: (facts) =>
      each(facts, ({ status, record, sshName: { alias, owner } }) =>
        status !== undefined && record?.ssh === true && owner === 'nobody' ? { alias } : undefined,
      ),
  },
  {
    id: 'ssh-name-program',
    group: 'VMs',
    title: 'The SSH alias <alias> starts <program>, which is not there',
    reason: 'rusta was moved or removed since the alias was made.',
    command: 'rusta ssh-setup <vm>',
    find: (facts) =>
      each(facts, ({ status, sshName: { alias, lostProgram } }) =>
        status !== undefined && lostProgram !== undefined ? { alias, program: lostProgram } : undefined,
      ),
  },
  {
    id: 'ssh-name-host-keys',
    group: 'VMs',
    title: "VM '<vm>' has none of the SSH host keys that are known of <alias>",
    reason: 'Its keys were made anew, or it is another VM of that name: ssh refuses to log in.',
    command: 'rusta ssh-setup <vm>',
    find: (facts) =>
      each(facts, ({ guest, sshName: { alias, owner, knownKeys } }) => {
        const keys = guest?.hostKeys ?? [];
        const isRefused = owner === 'rusta' && keys.length > 0 && !keys.some((key) => knownKeys.includes(key));
        return isRefused ? { alias } : undefined;
      }),
  },
];
