import type { Lease } from '../../tools/dhcp-leases.ts';
import type { Check, Found } from '../check.ts';
import type { GuestFacts } from '../facts/guest.ts';
import type { Facts } from '../facts.ts';

/** Interfaces of VPNs: the way to VMs leads through a bridge, or the network of the Mac itself. */
const TUNNEL = /^(utun|ipsec|ppp|tun|tap|gif|feth)\d*$/;
/** Errors of the kernel if there is no way to a host, as against a closed port. */
const NO_WAY: ReadonlySet<string> = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN']);
/** The number of addresses in a network, 2 to 254. */
const LEASES_OF_A_NETWORK = 253;

export const NETWORK_CHECKS: readonly Check[] = [
  {
    id: 'local-network',
    group: 'network',
    title: "macOS lets nothing of this terminal through to VM '<vm>' (<address>): <error>",
    reason: 'The guest is there, its agent answers. Allow your terminal (the app in which you type) to use the local network.',
    command: "open 'x-apple.systempreferences:com.apple.preference.security?Privacy_LocalNetwork'",
    find: (facts) =>
      guests(facts, ({ silence, address, via, connectError }) =>
        silence === undefined && address !== undefined && connectError !== undefined && NO_WAY.has(connectError) && !isTunnel(via)
          ? { address, error: connectError }
          : undefined,
      ),
  },
  {
    id: 'vpn-route',
    group: 'network',
    title: "The way to VM '<vm>' (<address>) leads into a VPN (<interface>)",
    reason:
      "The VPN took the network of the VMs for its own. Leave it out of the VPN's routes, disconnect, or give this VM a way of its own until its next start.",
    command: 'sudo route -n add -host <address> -interface bridge100',
    find: (facts) =>
      guests(facts, ({ address, via }) =>
        address !== undefined && via !== undefined && isTunnel(via) ? { address, interface: via } : undefined,
      ),
  },
  {
    id: 'leases-used-up',
    group: 'network',
    title: 'All addresses of <network>.0 are given away',
    reason: 'macOS keeps the address of every VM for a day: one that is new gets none. The file is made anew at the next start of a VM.',
    command: 'sudo rm /var/db/dhcpd_leases',
    find: ({ network: { leases, now } }) => fullNetworks(leases ?? [], now).map((network) => ({ network })),
  },
  {
    id: 'stale-address',
    group: 'network',
    title: "Tart's address of VM '<vm>', <address>, is not the guest's, which has <own>",
    reason:
      'It comes from an old lease, and may belong to another VM. rusta goes by what the guest says; what relies on Tart reaches the other one.',
    command: 'rusta down <vm> && rusta up <vm>',
    find: (facts) =>
      guests(facts, ({ address, addresses }) => {
        const [own] = addresses;
        return address !== undefined && own !== undefined && !addresses.includes(address) ? { address, own } : undefined;
      }),
  },
];

function guests(facts: Facts, find: (guest: GuestFacts) => Found | undefined): Found[] {
  return facts.vms.flatMap(({ name, guest }) => {
    const found = guest && find(guest);
    return found === undefined ? [] : [{ vm: name, ...found }];
  });
}

function isTunnel(name: string | undefined): boolean {
  return name !== undefined && TUNNEL.test(name);
}

/** Returns the first three numbers of networks in which every address has a lease that has not ended. */
function fullNetworks(leases: readonly Lease[], now: number): string[] {
  const taken = new Map<string, Set<string>>();
  for (const { address, expires } of leases) {
    if (expires <= now) continue;
    const network = address.slice(0, address.lastIndexOf('.'));
    taken.set(network, (taken.get(network) ?? new Set()).add(address));
  }
  return [...taken].filter(([, addresses]) => addresses.size >= LEASES_OF_A_NETWORK).map(([network]) => network);
}
