/** A lease of the DHCP server that macOS runs for VMs. */
export interface Lease {
  readonly address: string;
  /** Seconds since 1970. */
  readonly expires: number;
}

/** Reads `/var/db/dhcpd_leases`: blocks of `key=value` in braces. Leaves out blocks without an address or an end. */
export function parseLeases(text: string): Lease[] {
  return [...text.matchAll(/\{([^}]*)\}/g)].flatMap(([, block = '']) => {
    const address = /^\s*ip_address=(\d+(?:\.\d+){3})\s*$/m.exec(block)?.[1];
    const expires = /^\s*lease=(0x[0-9a-f]+|\d+)\s*$/im.exec(block)?.[1];
    return address === undefined || expires === undefined ? [] : [{ address, expires: Number(expires) }];
  });
}
