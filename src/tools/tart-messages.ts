export interface Explanation {
  /** What Tart's message means, in plain words. */
  readonly message: string;
  readonly hint?: string;
  /** No later try can get another answer. */
  readonly isFinal?: true;
}

interface Known extends Explanation {
  /** `$1` in the message stands for what its first group matched. */
  readonly pattern: RegExp;
}

/** How to get disk space back; prune needs a criterion (docs/tart.md, section 3). */
export const CLEAN_UP =
  "'tart prune --entries caches --older-than 7' removes images that were not used for a week, 'rusta delete <vm>' a VM that you no longer need.";

/** Tart's known messages (docs/tart.md, sections 1, 3, 5 and 7); the first that matches wins. */
const KNOWN: readonly Known[] = [
  { pattern: /stopped the virtual machine due to error/, message: 'the guest crashed' },
  {
    pattern: /network attachment .* has been disconnected/,
    message: 'macOS cut the network of the VM, which ended it',
    hint: 'Sleep, a VPN or a change of network can do this. Start it again.',
  },
  {
    pattern: /code: 404/,
    message: 'the registry has no such image or tag',
    hint: "'rusta versions' lists what there is.",
  },
  {
    pattern: /AuthFailed|DENIED|code: 40[13]/,
    message: 'the registry refused access to the image',
    hint: "The image may not exist or be private. Stale credentials do this too: try 'tart logout ghcr.io'.",
  },
  {
    pattern: /NSURLErrorDomain|offline|could not be found|Could not connect|timed out|network connection/i,
    message: 'the registry cannot be reached',
    hint: 'Check the network, VPN and proxy settings.',
  },
  { pattern: /No space left|not enough (disk )?space|ENOSPC/i, message: 'the disk is full', hint: CLEAN_UP },
  {
    pattern: /new disk size of (.+?) should be larger than the current disk size of ([^\n]+?)\.?$/m,
    message: 'the disk cannot be made smaller than the image, which has $2; $1 were asked for',
    hint: 'Choose a larger --disk.',
  },
  { pattern: /LessThanMinimalResourcesError/, message: 'the image needs more CPUs or memory', hint: 'Choose a larger --cpus or --memory.' },
  {
    pattern: /exceeds the system limit/,
    message: 'macOS does not allow another running VM now',
    hint: "Stop one with 'rusta down <vm>', then try again.",
  },
  {
    pattern: /SecKeyCreateRandomKey|Failed to generate keypair|Interaction is not allowed/,
    message: 'the login keychain is locked',
    hint: "Over ssh, run 'security unlock-keychain' first.",
  },
  {
    pattern: /Invalid virtual machine configuration|VZErrorDomain/,
    message: 'macOS refused the configuration of the VM',
    hint: 'It may ask for more CPUs or memory than this Mac has.',
  },
  { pattern: /UnsupportedArchitectureError/, message: 'the image is for another processor' },
  {
    pattern: /can only suspend macOS VMs/,
    message: 'the VM was suspended and cannot be resumed',
    hint: "Drop the snapshot with 'tart stop <vm>'.",
  },
  {
    pattern: /only available on macOS 14/,
    message: "this macOS is too old: 'tart exec', through which rusta talks to guests, needs macOS 14 (Sonoma) or newer",
    hint: 'Update macOS, then try again.',
    isFinal: true,
  },
  { pattern: /WindowServer|_CGSDefaultConnection/, message: 'there is no desktop session here for its window' },
  { pattern: /is already running/, message: 'the VM is running already' },
  { pattern: /missing some of its files/, message: 'the VM is damaged: files are missing', hint: "Remove it with 'rusta delete <vm>'." },
];

/** A known message of Tart in one line, undefined for an unknown one. */
export function explainTart(output: string): Explanation | undefined {
  for (const { pattern, message, ...rest } of KNOWN) {
    const match = pattern.exec(output);
    if (match === null) continue;
    return { message: message.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? ''), ...rest };
  }
  return undefined;
}
