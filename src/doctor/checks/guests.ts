import type { Check, Found } from '../check.ts';
import type { GuestFacts } from '../facts/guest.ts';
import type { Facts } from '../facts.ts';
import { isTooOldForAgents } from '../version.ts';
import { each } from './vms.ts';

/** Seconds. Certificates and package lists are refused for a clock that is off by minutes; clocks of healthy VMs are off by less than this. */
const CLOCK_OFF = 30;

/** Faults of a running guest, and of the ways that lead to it by name. */
export const GUEST_CHECKS: readonly Check[] = [
  {
    id: 'agent-silent',
    group: 'VMs',
    title: "The guest agent of VM '<vm>' does not answer",
    reason: 'The guest still boots, or the agent ended (<silence>). Without it rusta can neither shut the VM down nor look into it.',
    command: 'rusta ssh <vm> -- sudo systemctl restart tart-guest-agent',
    find: (facts) => silent(facts, ({ address }) => address !== undefined),
  },
  {
    id: 'guest-silent',
    group: 'VMs',
    title: "VM '<vm>' has no address, and its guest agent does not answer",
    reason: 'The guest still boots, or hangs (<silence>). Cut its power and look at its window.',
    command: 'rusta down <vm> --force && rusta up <vm> --graphical',
    find: (facts) => silent(facts, ({ address }) => address === undefined),
  },
  {
    id: 'guest-clock',
    group: 'VMs',
    title: "The clock of VM '<vm>' is <seconds> s <direction>",
    reason: 'It stands while the Mac sleeps. Servers refuse certificates and logins, apt its package lists.',
    command: 'tart exec <vm> sudo date -u -s @$(date +%s)',
    find: (facts) =>
      each(facts, ({ guest }) => {
        const offset = guest?.clockOffset ?? 0;
        return Math.abs(offset) > CLOCK_OFF ? { seconds: String(Math.abs(offset)), direction: offset < 0 ? 'behind' : 'ahead' } : undefined;
      }),
  },
  {
    id: 'shared-machine-id',
    group: 'VMs',
    title: "VM '<vm>' has the machine-id of VM '<other>'",
    reason: 'Both come from one image. DHCP, journals and whatever counts machines take them for one.',
    command: "tart exec <vm> sudo sh -c 'rm -f /etc/machine-id /var/lib/dbus/machine-id && systemd-machine-id-setup'",
    find: (facts) => twins(facts, ({ machineId }) => machineId),
  },
  {
    id: 'shared-hostname',
    group: 'VMs',
    title: "VM '<vm>' has the hostname of VM '<other>': <hostname>",
    reason: 'Both come from one image. Their prompts and logs cannot be told apart, and the network knows only one of them by that name.',
    command: 'tart exec <vm> sudo hostnamectl set-hostname <vm>',
    // VMs with the same machine-id and hostname are told once.
    find: (facts) => {
      const told = twins(facts, ({ machineId }) => machineId).map(({ vm }) => vm);
      return twins(facts, ({ hostname }) => hostname, 'hostname').filter(({ vm }) => !told.includes(vm));
    },
  },
  {
    id: 'alias-drifted',
    group: 'VMs',
    title: 'The SSH alias <alias> leads to <host>, but VM <vm> has <address>',
    reason: 'The address changed while the VM ran, or it was started without rusta. Another VM may have the old one by now.',
    command: 'rusta up <vm>',
    find: (facts) =>
      each(facts, ({ guest, docker: { alias, aliasHost } }) => {
        const address = provenAddress(guest);
        return address !== undefined && aliasHost !== undefined && aliasHost !== address ? { alias, host: aliasHost, address } : undefined;
      }),
  },
  {
    id: 'alias-astray',
    group: 'VMs',
    title: 'The SSH alias <alias> of VM <vm> leads to VM <other> (<host>)',
    reason: 'VM <vm> is off, and <other> got its address: what is sent to <alias> reaches the wrong VM.',
    command: 'rusta up <vm>',
    find: (facts) =>
      each(facts, ({ guest, docker: { alias, aliasHost: host } }) => {
        const other = guest === undefined && host !== undefined ? facts.vms.find((vm) => provenAddress(vm.guest) === host) : undefined;
        return host !== undefined && other !== undefined ? { alias, host, other: other.name } : undefined;
      }),
  },
  {
    id: 'alias-missing',
    group: 'VMs',
    title: "VM '<vm>' is set up for Docker, but ~/.ssh/config has no alias <alias>",
    reason: 'The docker context leads there. Somebody removed it, or the file came from a backup.',
    command: 'rusta docker-setup <vm>',
    find: (facts) =>
      each(facts, ({ status, record, docker: { alias, aliasOwner } }) =>
        status !== undefined && record?.docker === true && aliasOwner === 'nobody' ? { alias } : undefined,
      ),
  },
  {
    id: 'context-drifted',
    group: 'VMs',
    title: "VM '<vm>' is set up for Docker, but the docker context <context> <state>",
    reason: 'Somebody removed or changed it, or docker is no longer installed.',
    command: 'rusta docker-setup <vm>',
    find: (facts) =>
      each(facts, ({ status, docker: { alias, context } }) =>
        status !== undefined && (context === 'missing' || context === 'wrong')
          ? { context: alias, state: context === 'missing' ? 'is missing' : 'leads elsewhere' }
          : undefined,
      ),
  },
];

/** Finds guests that are silent in this way, but none if macOS or Tart is too old for agents: that is the fault then. */
function silent(facts: Facts, isMeant: (guest: GuestFacts) => boolean): Found[] {
  if (isTooOldForAgents(facts)) return [];
  return each(facts, ({ guest }) => (guest?.silence !== undefined && isMeant(guest) ? { silence: guest.silence } : undefined));
}

/** Returns the address that Tart knows if the guest confirms it or does not answer, else the guest's own. */
function provenAddress(guest: GuestFacts | undefined): string | undefined {
  const [own] = guest?.addresses ?? [];
  return own === undefined || guest?.addresses.includes(guest.address ?? '') ? guest?.address : own;
}

/** Finds running VMs that have the same mark as one before them. */
function twins(facts: Facts, markOf: (guest: GuestFacts) => string | undefined, key?: string): Found[] {
  const first = new Map<string, string>();
  return each(facts, ({ name, guest }) => {
    const mark = guest && markOf(guest);
    if (mark === undefined) return undefined;
    const other = first.get(mark);
    if (other === undefined) first.set(mark, name);
    return other === undefined ? undefined : { other, ...(key === undefined ? {} : { [key]: mark }) };
  });
}
