import { type Desktop, findDesktop } from '../guest/desktops.ts';
import type { VmRecord } from '../state/record.ts';
import type { Resources, Sizes } from '../tools/tart/tart.ts';
import { type Credentials, IMAGE_CREDENTIALS, type LoginFlags } from '../vm/credentials.ts';
import { formatShare, type Share } from '../vm/shares.ts';

/** What a VM gets that nothing else was asked for (spec 4.3). */
export const USUAL: Resources = { cpus: 6, memoryMb: 8_192, diskGb: 80 };

/** What `create` was asked for. What is left out is as usual, or as it was asked for when a VM was begun that is gone on with. */
export interface CreatePlan {
  readonly vm: string;
  /** The VM to copy (D20); undefined where an image is cloned. */
  readonly from: string | undefined;
  /** Finds the image to clone, only when it is needed. Throws RustaError where there is none. */
  readonly findReference: () => Promise<string>;
  readonly sizes: Sizes;
  readonly login: LoginFlags;
  /** undefined for a server. */
  readonly desktop: Desktop | undefined;
  /** A window while provisioning, to see what goes on. */
  readonly window: boolean;
  /** Go on with a VM whose creation stopped. */
  readonly resume: boolean;
  /** A script of the user's to be run in the guest when all else is done. */
  readonly script: Uint8Array | undefined;
  /** What it shall see of the Mac from then on (D24). */
  readonly shares: readonly Share[];
  /** Leave the new VM running. */
  readonly up: boolean;
  /** The flags that say so, for the hint how to make such a VM again. */
  readonly flags: readonly string[];
}

/** The same with all that was left out. */
export interface SettledPlan extends CreatePlan {
  /** All sizes where an image is cloned; of a copy those that were asked for. */
  readonly resources: Sizes;
  readonly credentials: Credentials;
  /** There is a script of the user's to run: this one, or the one that was brought when the VM was begun. */
  readonly hasScript: boolean;
}

/** Fills in what was left out: from the record of a VM that was begun, else what is usual. */
export function settle(asked: CreatePlan, record: VmRecord | undefined): SettledPlan {
  const { image } = record ?? {};
  const { sizes, login } = asked;
  const { from } = record ?? asked;
  const usual: Sizes = from === undefined ? USUAL : {};
  return {
    ...asked,
    from,
    findReference: image === undefined ? asked.findReference : async () => image,
    resources: {
      cpus: sizes.cpus ?? record?.cpus ?? usual.cpus,
      memoryMb: sizes.memoryMb ?? record?.memory ?? usual.memoryMb,
      diskGb: sizes.diskGb ?? record?.disk ?? usual.diskGb,
    },
    credentials: {
      user: login.user ?? record?.user ?? IMAGE_CREDENTIALS.user,
      password: login.password ?? record?.password ?? IMAGE_CREDENTIALS.password,
    },
    hasScript: asked.script !== undefined || record?.script === true,
    desktop: asked.desktop ?? findDesktop(record?.desktop ?? ''),
    flags: mergeFlags(record?.flags ?? [], asked.flags),
  };
}

/** What is written down while a VM is being made: `--resume` goes on with it. A copy has its login and its window of its source. */
export function askedFor({ from, desktop, resources, credentials, flags, shares, hasScript }: SettledPlan): VmRecord {
  const { cpus, memoryMb: memory, diskGb: disk } = resources;
  const begun = { cpus, memory, disk, script: hasScript ? true : undefined, ...recordedShares(shares) };
  const words = flags.length === 0 ? undefined : flags;
  if (from !== undefined) return { from, ...begun, flags: words };
  const custom = (value: string, usual: string) => (value === usual ? undefined : value);
  return {
    window: desktop !== undefined,
    desktop: desktop?.name,
    ...begun,
    user: custom(credentials.user, IMAGE_CREDENTIALS.user),
    password: custom(credentials.password, IMAGE_CREDENTIALS.password),
    flags: words,
  };
}

/** Those of a VM that is gone on with stay. */
function recordedShares(shares: readonly Share[]): VmRecord {
  return shares.length === 0 ? {} : { shares: shares.map(formatShare) };
}

/** What a finished VM's record no longer says. */
export const FINISHED: VmRecord = {
  phase: undefined,
  from: undefined,
  desktop: undefined,
  cpus: undefined,
  memory: undefined,
  disk: undefined,
  script: undefined,
};

/** Flags and their values, taken in turns: those of the second list win. */
function mergeFlags(before: readonly string[], now: readonly string[]): string[] {
  const pairs = (words: readonly string[]) =>
    words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] ?? ''] as const] : []));
  return [...new Map([...pairs(before), ...pairs(now)])].flat();
}

/** Returns flags that were given as words, each followed by its value. */
export function flagWords(given: Readonly<Record<string, string | number | undefined>>): string[] {
  return Object.entries(given).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}`, String(value)]));
}
