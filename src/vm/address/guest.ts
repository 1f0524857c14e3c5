import type { App } from '../../app.ts';
import { succeeded } from '../../system/programs/command.ts';
import { setClockQuietly } from '../../tools/guest-clock.ts';

/** Milliseconds: an agent that runs answers at once; Tart would try a missing one for half a minute. */
const ANSWER_MS = 3_000;
/** The question to a guest's shell, for a call of its own or beside other questions. */
export const ADDRESS_QUESTION = 'ip -4 route show default; ip -4 -o addr show scope global';

/** Interfaces of docker, VPNs and the like, whose addresses cannot be reached from outside. */
const INNER = /^(?:docker|br-|veth|virbr|lxc|lxd|cni|flannel|cali|podman|kube|tun|tap|ppp|ipsec|wg|nordlynx|proton|tailscale|zt)/;

/**
 * Returns the IPv4 addresses by which the guest is reached: those on the interfaces of its default routes, the preferred one first (D11).
 * Empty if it has none yet; undefined if the agent does not tell. The same call sets the guest's clock (D25).
 */
export async function askGuestAddresses(app: Pick<App, 'tart'>, vm: string): Promise<readonly string[] | undefined> {
  return (await askGuest(app, vm)).addresses;
}

/** Asks for the same addresses, and tells whether the agent answers: that of a guest whose network is down does, but has no addresses to tell. */
export async function askGuest(
  app: Pick<App, 'tart'>,
  vm: string,
): Promise<{ readonly answers: boolean; readonly addresses: readonly string[] | undefined }> {
  const result = await app.tart.exec(vm, ['sh', '-c', `${setClockQuietly(Date.now())}; ${ADDRESS_QUESTION}`], { timeoutMs: ANSWER_MS });
  const answers = succeeded(result);
  return { answers, addresses: answers ? parseGuestAddresses(result.stdout) : undefined };
}

/** Reads the output of `ip`; returns undefined for a text without any of it. */
export function parseGuestAddresses(text: string): readonly string[] | undefined {
  const routes: { readonly device: string; readonly metric: number }[] = [];
  const addresses: { readonly device: string; readonly address: string }[] = [];
  for (const line of text.split('\n')) {
    const [, device] = /^(?:default\b|\s+nexthop\b).*? dev (\S+)/.exec(line) ?? [];
    if (device !== undefined) routes.push({ device, metric: Number(/ metric (\d+)/.exec(line)?.[1] ?? 0) });
    const [, owner, address] = /^\d+: ([^\s@:]+)\S*\s+inet (\d{1,3}(?:\.\d{1,3}){3})\//.exec(line) ?? [];
    if (owner !== undefined && address !== undefined) addresses.push({ device: owner, address });
  }
  if (routes.length === 0 && addresses.length === 0) return undefined;
  const outward = routes.filter(({ device }) => !INNER.test(device));
  // Without a default route, or with one through a VPN only, the Mac may still reach the guest.
  if (outward.length === 0) return addresses.filter(({ device }) => !INNER.test(device)).map(({ address }) => address);
  const devices = outward.toSorted((a, b) => a.metric - b.metric).map(({ device }) => device);
  return [...new Set(devices)].flatMap((device) => addresses.filter((entry) => entry.device === device).map(({ address }) => address));
}
