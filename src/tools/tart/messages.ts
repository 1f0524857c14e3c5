import { type Explanation, explain, type KnownMessage } from '../../text/explain.ts';

/** How to get disk space back; prune needs a criterion (docs/tart.md, section 3). */
export const CLEAN_UP =
  "'tart prune --entries caches --older-than 7' removes images that were not used for a week, 'rusta delete <vm>' a VM that you no longer need.";

/** Messages of the file system, in the kernel's words or Foundation's. */
const DISK: readonly KnownMessage[] = [
  {
    pattern: /Read-only file system|volume .*is read.only|NSCocoaErrorDomain Code=642\b/i,
    message: 'the disk where Tart keeps its VMs is read-only',
    hint: "TART_HOME may name another folder; 'rusta doctor' tells where it looks.",
  },
  {
    pattern: /Input\/output error|NSPOSIXErrorDomain Code=5\b/,
    message: 'the disk where Tart keeps its VMs cannot be read',
    hint: 'Look at it with Disk Utility, and at the cable of an external one.',
  },
  {
    // TCC, which guards folders and external disks, fails with EPERM; a wrong owner with EACCES.
    pattern:
      /Operation not permitted|NSPOSIXErrorDomain Code=(?:1|13)\b|Permission denied|have permission to|NSCocoaErrorDomain Code=(?:257|513)\b/i,
    message: 'macOS does not let Tart at its own files',
    hint: 'They may belong to another user. On an external disk the terminal needs a permission: System Settings > Privacy & Security > Files & Folders.',
  },
];

const UNLOCK = "Over ssh, run 'security unlock-keychain' first.";
/** Messages about an image that Tart cannot get. A cause that is told beside a refusal comes before the refusal. */
const REGISTRY: readonly KnownMessage[] = [
  {
    pattern: /kCFErrorDomainCFNetwork Code=3(?:0[67]|1[012])\b|web proxy server|proxy (?:connection|authentication)/i,
    message: 'the proxy of this Mac cannot be reached, or refuses Tart',
    hint: 'Tart goes by the proxy that is set in System Settings > Network, not by HTTPS_PROXY.',
  },
  {
    pattern: /NSURLErrorDomain Code=-12(00|02|04)\b|certificate .*(invalid|not trusted|expired)/i,
    message: 'this Mac does not trust the certificate of the registry',
    hint: 'Software that looks into TLS needs its own CA in the keychain of this Mac, trusted for all users.',
  },
  {
    pattern: /NSURLErrorDomain|offline|hostname could not be found|Could not connect|timed out|network connection/i,
    message: 'the registry cannot be reached',
    hint: 'Check the network, VPN and proxy settings.',
  },
  {
    // Some registries hide images that they do not show: the image may be there after a login.
    pattern: /^(?=[\s\S]*(?:interaction is not allowed|-25308))(?=[\s\S]*code: 404)/i,
    message: 'the registry has no such image or tag, or shows it only after a login, and the login keychain is locked',
    hint: `'rusta versions' lists what there is. For a private image: ${UNLOCK}`,
  },
  {
    pattern: /code: 404/,
    message: 'the registry has no such image or tag',
    hint: "'rusta versions' lists what there is.",
  },
  {
    pattern: /code: 429|toomanyrequests/i,
    message: 'the registry has had too many requests from here',
    hint: 'Wait some minutes, then try again.',
  },
  { pattern: /code: (5\d\d)\b/, message: 'the registry has a fault of its own (HTTP $1)', hint: 'Wait some minutes, then try again.' },
  {
    // errSecInteractionNotAllowed: the keychain would have to ask, but nobody is there to answer.
    pattern: /interaction is not allowed|-25308|SecKeyCreateRandomKey|Failed to generate keypair/i,
    message: 'the login keychain is locked',
    hint: UNLOCK,
  },
  {
    pattern: /(docker-credential-[\w.-]+) not found/,
    message: "the credential helper '$1' is not on PATH",
    hint: 'It is named under credHelpers in ~/.docker/config.json: install it, or remove the entry.',
  },
  {
    pattern: /Docker helper (failed|output is empty)|Failed to write host to Docker helper/i,
    message: 'the credential helper for the registry failed',
    hint: 'It is named under credHelpers in ~/.docker/config.json: log in with it again, or remove the entry.',
  },
  {
    pattern: /AuthFailed|DENIED|code: 40[13]/,
    message: 'the registry refused access to the image',
    hint: "The image may be missing, or private. Stale credentials do this too: try 'tart logout ghcr.io'.",
  },
];

/** Messages of the Virtualization framework about a VM that does not start. The reason behind the headline tells the cases apart. */
const VIRTUALIZATION: readonly KnownMessage[] = [
  {
    pattern: /exceeds the system limit|VZErrorDomain Code=6\b|maximum supported number of active virtual machines/,
    message: 'macOS does not allow another running VM now',
    hint: "Stop one with 'rusta down <vm>', then try again.",
  },
  {
    pattern: /Failed to lock|Resource temporarily unavailable|storage device attachment is invalid/i,
    message: 'a file of the VM is in use by another process',
    hint: "An earlier 'tart run' of it may still be ending: wait a moment, then try again.",
  },
  {
    pattern: /VZErrorDomain Code=5\b|Invalid disk image|disk image .*(not recognized|corrupt|damaged)/i,
    message: 'the disk image of the VM is damaged',
    hint: 'Bring it back from a backup, or create the VM anew.',
  },
  { pattern: /directory sharing device configuration is invalid/i, message: 'a folder that is to be shared does not exist' },
  {
    pattern: /com\.apple\.security\.virtualization/,
    message: 'this tart may not start VMs: its signature lacks the right to',
    hint: "Install it anew: 'brew reinstall tart'.",
  },
  {
    pattern: /^(?=[\s\S]*(?:Invalid virtual machine configuration|VZErrorDomain Code=2\b))(?=[\s\S]*\b(?:CPUs?|processors?|memory)\b)/i,
    message: 'macOS refused the configuration of the VM',
    hint: 'It may ask for more CPUs or memory than this Mac has.',
  },
  {
    pattern: /VZErrorDomain Code=2 "([^"]+?)\.?"|Invalid virtual machine configuration\.? +([^\n]+?)\.?$/m,
    message: 'macOS refused the configuration of the VM: $1$2',
  },
  { pattern: /Invalid virtual machine configuration|VZErrorDomain Code=2\b/, message: 'macOS refused the configuration of the VM' },
  {
    pattern: /VZErrorDomain Code=7\b/,
    message: 'macOS could not set up the network of the VM',
    hint: 'Sleep, a VPN or a change of network can do this. Start it again.',
  },
  {
    pattern: /VZErrorDomain Code=1\b|Internal Virtualization error/i,
    message: 'the Virtualization framework of macOS failed',
    hint: 'Try again; if that does not help, restart this Mac. ~/Library/Logs/DiagnosticReports may say more.',
  },
  { pattern: /VZErrorDomain Code=(\d+) "([^"]+?)\.?"/, message: 'macOS did not start the VM: $2 (VZErrorDomain $1)' },
];

/** Tart's known messages (docs/tart.md, sections 1, 3, 5 and 7); the first that matches wins. */
const KNOWN: readonly KnownMessage[] = [
  // Foundation and Virtualization have words of their own for ENOSPC.
  {
    pattern:
      /No space left|enough (disk |free |available )*space|out of (disk )?space|ENOSPC|NSCocoaErrorDomain Code=640\b|VZErrorDomain Code=8\b/i,
    message: 'the disk is full',
    hint: CLEAN_UP,
  },
  { pattern: /EDQUOT|quota exceeded/i, message: 'your disk quota is used up', hint: CLEAN_UP },
  { pattern: /stopped the virtual machine due to error/, message: 'the guest crashed' },
  {
    pattern: /network attachment .* has been disconnected/,
    message: 'macOS cut the network of the VM, which ended it',
    hint: 'Sleep, a VPN or a change of network can do this. Start it again.',
  },
  ...REGISTRY,
  // A registry that refuses may mention permissions too, so these come later.
  ...DISK,
  {
    pattern: /new disk size of (.+?) should be larger than the current disk size of ([^\n]+?)\.?$/m,
    message: 'the disk cannot be made smaller than the image, which has $2; $1 were asked for',
    hint: 'Choose a larger --disk.',
  },
  { pattern: /LessThanMinimalResourcesError/, message: 'the image needs more CPUs or memory', hint: 'Choose a larger --cpus or --memory.' },
  ...VIRTUALIZATION,
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

/** Explains what Tart said, on both of its streams, in one line; undefined for unknown messages. */
export function explainTart(output: string): Explanation | undefined {
  return explain(KNOWN, output);
}
