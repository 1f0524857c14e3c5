interface Known {
  readonly pattern: RegExp;
  /** What the line means, in plain words. */
  readonly message: string;
  readonly hint?: string;
}

/** What apt and dpkg say when it is not their fault; the first that matches wins. */
const KNOWN: readonly Known[] = [
  {
    pattern: /No space left on device|enough free space/,
    message: "the guest's disk is full",
    hint: 'Start over with a larger --disk.',
  },
  {
    pattern: /Temporary failure resolving|Could not resolve|Network is unreachable|Could not connect to/,
    message: 'the guest cannot reach its package mirror',
    hint: 'Check the network, VPN and firewall of this Mac: guests go out through it.',
  },
  {
    pattern: /Hash Sum mismatch|File has unexpected size|is not valid yet/,
    message: 'the package mirror is being updated',
    hint: 'Wait some minutes.',
  },
  { pattern: /Could not get lock|has held the lock for/, message: 'another package manager does not end in the guest' },
  {
    pattern: /Unable to locate package|has no installation candidate/,
    message: 'this release lacks one of the packages',
    hint: "'rusta versions' lists the releases that there are.",
  },
];

/** The last lines of a failed provisioning in one phrase, undefined for what is not known. */
export function explainProvisioning(lines: string): { readonly message: string; readonly hint?: string } | undefined {
  return KNOWN.find(({ pattern }) => pattern.test(lines));
}
