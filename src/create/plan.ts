import { type Desktop, findDesktop } from '../guest/provisioning/desktops.ts';
import type { VmRecord } from '../state/record.ts';
import type { Resources, Sizes } from '../tools/tart/tart.ts';
import { type Credentials, IMAGE_CREDENTIALS, type LoginFlags } from '../vm/credentials.ts';
import { formatShare, type Share } from '../vm/shares.ts';

/** The sizes of a VM unless others are asked for (spec 4.3). */
export const USUAL: Resources = { cpus: 6, memoryMb: 8_192, diskGb: 80 };

/** The request to `create`. Missing parts are as usual, or as they were asked for when the VM was begun. */
export interface CreatePlan {
  readonly vm: string;
  /** The VM to copy (D20); undefined if an image is cloned. */
  readonly from: string | undefined;
  /** Finds the image to clone, but only when it is needed. Throws RustaError if there is none. */
  readonly findReference: () => Promise<string>;
  readonly sizes: Sizes;
  readonly login: LoginFlags;
  /** undefined for a server. */
  readonly desktop: Desktop | undefined;
  /** Shows a window while provisioning, to look inside. */
  readonly window: boolean;
  /** Goes on with a VM whose creation stopped. */
  readonly resume: boolean;
  /** A script of the user, to be run in the guest as the last step. */
  readonly script: Uint8Array | undefined;
  /** The folders that it sees from then on (D24). */
  readonly shares: readonly Share[];
  /** Leaves the new VM running. */
  readonly up: boolean;
  /** The flags of this request, for the hint how to make such a VM again. */
  readonly flags: readonly string[];
}

/** The request with its missing parts filled in. */
export interface SettledPlan extends CreatePlan {
  /** All sizes if an image is cloned; of a copy only those that were asked for. */
  readonly resources: Sizes;
  readonly credentials: Credentials;
  /** There is a script of the user to run: this one, or the one that was kept when the VM was begun. */
  readonly hasScript: boolean;
}

/** Fills in missing parts from the record of a VM that was begun, else with what is usual. */
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

/** Returns the record of a VM while it is being made, with which `--resume` goes on. A copy has the login and the window of its source. */
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

/** Returns the shares to record; without new ones those of a VM that was begun stay. */
function recordedShares(shares: readonly Share[]): VmRecord {
  return shares.length === 0 ? {} : { shares: shares.map(formatShare) };
}

/** Removes from the record what only an unfinished VM needs. */
export const FINISHED: VmRecord = {
  phase: undefined,
  from: undefined,
  desktop: undefined,
  cpus: undefined,
  memory: undefined,
  disk: undefined,
  script: undefined,
};

/** Merges two lists of flags, each followed by its value: those of the second list win. */
function mergeFlags(before: readonly string[], now: readonly string[]): string[] {
  const pairs = (words: readonly string[]) =>
    words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] ?? ''] as const] : []));
  return [...new Map([...pairs(before), ...pairs(now)])].flat();
}

/** Returns flags that were given as words, each followed by its value. */
export function flagWords(given: Readonly<Record<string, string | number | undefined>>): string[] {
  return Object.entries(given).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}`, String(value)]));
}
