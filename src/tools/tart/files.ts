import { join } from 'node:path';
import type { VmLookup } from '../../state/follow.ts';
import type { VmMark } from '../../state/mark.ts';
import { brokenLink } from '../../system/files/broken-link.ts';
import { pathExists, readSmall } from '../../system/files/files.ts';
import { ageOf, folderIdentity, foldersWith, listFolder, removeTree, sizeOf } from '../../system/files/folders.ts';

/** The folder of a VM, as it stands on the disk (docs/tart.md, section 2). */
export interface VmFolder {
  readonly path: string;
  readonly mark: VmMark;
  /** Files without which Tart does not list the VM. */
  readonly missing: readonly string[];
  /** undefined where `config.json` does not say. */
  readonly cpus: number | undefined;
  readonly memoryMb: number | undefined;
  readonly diskGb: number | undefined;
}

/** What Tart keeps on the disk: it tells apart VMs that have, or had, one name, and shows what `tart list` leaves out. */
export interface TartFiles extends VmLookup {
  /** Whether the folder of Tart's itself is there: it may be on a disk that is not mounted. */
  readonly isThere: () => boolean;
  /** undefined where there is no folder of that name. */
  look(vm: string): VmFolder | undefined;
  /** What stands in the place of a VM's folder that is none, as a sentence says it; undefined where nothing does. */
  obstacle(vm: string): string | undefined;
  /** The VMs whose `config.json` is there and cannot be understood: Tart reads all of them for a clone. */
  garbled(): readonly string[];
  /** Milliseconds since an image was pulled; undefined where it is not in the cache. */
  imageAge(reference: string): number | undefined;
  /** Removes the folder of a VM that Tart does not list, with all that is in it. Throws FileError. */
  remove(vm: string): void;
}

/** Without all of them a VM is invisible to `tart list`. */
const PARTS = ['config.json', 'disk.img', 'nvram.bin'] as const;
const MAX_CONFIG_BYTES = 1024 * 1024;
/** Host, namespaces, digest. */
const CACHE_DEPTH = 8;
const MIB = 1_048_576;
const GB = 1e9;

export function createTartFiles(tartHome: string): TartFiles {
  const folderOf = (vm: string) => join(tartHome, 'vms', vm);
  const cache = join(tartHome, 'cache', 'OCIs');
  const names = () => (listFolder(join(tartHome, 'vms')) ?? []).flatMap(({ name }) => (name.startsWith('.') ? [] : [name]));
  return {
    isThere: () => pathExists(tartHome),
    mark: (vm) => markOf(folderOf(vm), cache),
    names,
    isIn: (home, vm) => folderIdentity(join(home, 'vms', vm)) !== undefined,
    look(vm) {
      const path = folderOf(vm);
      const mark = markOf(path, cache);
      return mark === undefined ? undefined : { path, mark, ...partsOf(path) };
    },
    obstacle(vm) {
      const path = folderOf(vm);
      const broken = brokenLink(path);
      if (broken !== undefined) return `${broken.link} is a link to ${broken.target}, which is not there`;
      return pathExists(path) && folderIdentity(path) === undefined ? `${path} is not a folder` : undefined;
    },
    garbled: () => names().filter((vm) => missingParts(folderOf(vm)).length === 0 && parsedConfig(folderOf(vm)) === undefined),
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

/** The MAC address is read only where it is asked for: a folder's number mostly suffices. */
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
 * The first clone of an image has the image's own MAC address (docs/tart.md, section 3), and so has the next one once that
 * is gone: as long as a VM is in everything as its image is, the address tells it from no other.
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

/** An empty one where the file is missing or damaged: what it would say is advice. */
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
