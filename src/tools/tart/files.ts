import { join } from 'node:path';
import type { VmLookup } from '../../state/follow.ts';
import { isFileName } from '../../state/grammar.ts';
import type { VmMark } from '../../state/mark.ts';
import { brokenLink } from '../../system/files/broken-link.ts';
import { pathExists, readSmall } from '../../system/files/files.ts';
import { ageOf, folderIdentity, foldersWith, listFolder, removeTree, sizeOf } from '../../system/files/folders.ts';

/** The folder of a VM on the disk (docs/tart.md, section 2). */
export interface VmFolder {
  readonly path: string;
  readonly mark: VmMark;
  /** Files without which Tart does not list the VM. */
  readonly missing: readonly string[];
  /** undefined if `config.json` does not tell. */
  readonly cpus: number | undefined;
  readonly memoryMb: number | undefined;
  readonly diskGb: number | undefined;
}

/** The files that Tart keeps: they tell apart VMs that have, or had, one name, and show VMs that `tart list` leaves out. */
export interface TartFiles extends VmLookup {
  /** Tells whether the folder of the VMs exists, which Tart makes for the first one: it may be on a disk that is not mounted. */
  readonly isThere: () => boolean;
  /** Returns the folder of a VM; undefined if there is none of that name. */
  look(vm: string): VmFolder | undefined;
  /** Returns a sentence about what is in the place of a VM's folder and is not a folder; undefined if nothing is. */
  obstacle(vm: string): string | undefined;
  /** Tells whether the `config.json` of a VM exists and cannot be understood. */
  isGarbled(vm: string): boolean;
  /** Returns the VMs of which that is true: Tart reads all of them for a clone. */
  garbled(): readonly string[];
  /** Returns the milliseconds since an image was pulled; undefined if it is not in the cache. */
  imageAge(reference: string): number | undefined;
  /** Removes the folder of a VM that Tart does not list, with all that is in it. Throws FileError. */
  remove(vm: string): void;
}

/** Files without any of which `tart list` leaves a VM out. */
const PARTS = ['config.json', 'disk.img', 'nvram.bin'] as const;
const MAX_CONFIG_BYTES = 1024 * 1024;
/** Deepest folder of an image in the cache: host, namespaces, digest. */
const CACHE_DEPTH = 8;
const MIB = 1_048_576;
const GB = 1e9;

export function createTartFiles(tartHome: string): TartFiles {
  const folderOf = (vm: string) => join(tartHome, 'vms', vm);
  const cache = join(tartHome, 'cache', 'OCIs');
  const names = () => (listFolder(join(tartHome, 'vms')) ?? []).flatMap(({ name }) => (name.startsWith('.') ? [] : [name]));
  // A record may stand under what is no name of a file, where somebody has edited state.toml.
  const mark = (vm: string) => (isFileName(vm) ? markOf(folderOf(vm), cache) : undefined);
  const isGarbled = (vm: string) => missingParts(folderOf(vm)).length === 0 && parsedConfig(folderOf(vm)) === undefined;
  return {
    isThere: () => pathExists(join(tartHome, 'vms')),
    mark,
    names,
    isIn: (home, vm) => isFileName(vm) && folderIdentity(join(home, 'vms', vm)) !== undefined,
    look(vm) {
      const path = folderOf(vm);
      const found = mark(vm);
      return found === undefined ? undefined : { path, mark: found, ...partsOf(path) };
    },
    obstacle(vm) {
      const path = folderOf(vm);
      const broken = brokenLink(path);
      if (broken !== undefined) return `${broken.link} is a link to ${broken.target}, which is not there`;
      return pathExists(path) && folderIdentity(path) === undefined ? `${path} is not a folder` : undefined;
    },
    isGarbled,
    garbled: () => names().filter(isGarbled),
    imageAge(reference) {
      const {
        host = '',
        namespace = '',
        version = '',
      } = /^(?<host>[^/]+)\/(?<namespace>[^@:]+)(?<version>.*)$/.exec(reference)?.groups ?? {};
      const name = version.startsWith('@') ? version.slice(1) : version.slice(1) || 'latest';
      return ageOf(join(cache, host.replace(':', '%3A'), namespace, name));
    },
    remove: (vm) => removeTree(folderOf(vm)),
  };
}

/** Returns the mark of a VM's folder. Reads the MAC address only when it is asked for, because the folder's number mostly suffices. */
function markOf(path: string, cache: string): VmMark | undefined {
  const identity = folderIdentity(path);
  if (identity === undefined) return undefined;
  return {
    ...identity,
    get mac() {
      const mac = configOf(path)['macAddress'];
      return typeof mac === 'string' && !isBareClone(path, mac, cache) ? mac.toLowerCase() : undefined;
    },
  };
}

/**
 * Tells whether a VM still is as its image is: then its MAC address does not identify it. The first clone of an image has the image's own
 * address (docs/tart.md, section 3), and so has the next one once that is gone.
 */
function isBareClone(path: string, mac: string, cache: string): boolean {
  return foldersWith('config.json', cache, CACHE_DEPTH).some((image) => {
    const [ours, its] = [configOf(path), configOf(image)];
    if (its['macAddress'] !== mac) return false;
    const isSameSize = sizeOf(join(path, 'disk.img')) === sizeOf(join(image, 'disk.img'));
    return isSameSize && ours['cpuCount'] === its['cpuCount'] && ours['memorySize'] === its['memorySize'];
  });
}

/** The files without which Tart does not list the VM of this folder. */
export function missingParts(path: string): readonly string[] {
  return PARTS.filter((part) => !pathExists(join(path, part)));
}

function partsOf(path: string) {
  const config = configOf(path);
  const number = (value: unknown, unit: number) => (typeof value === 'number' ? Math.floor(value / unit) : undefined);
  return {
    missing: missingParts(path),
    cpus: number(config['cpuCount'], 1),
    memoryMb: number(config['memorySize'], MIB),
    diskGb: number(sizeOf(join(path, 'disk.img')), GB),
  };
}

/** Returns the config of a VM, an empty one if the file is missing or damaged: its values are only advice. */
function configOf(path: string): Readonly<Record<string, unknown>> {
  return parsedConfig(path) ?? {};
}

function parsedConfig(path: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const config: unknown = JSON.parse(readSmall(join(path, 'config.json'), MAX_CONFIG_BYTES) ?? '');
    return typeof config === 'object' && config !== null ? { ...config } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
