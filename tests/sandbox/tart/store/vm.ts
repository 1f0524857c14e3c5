import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missing, otherError, runtimeError } from '../errors.ts';
import { foundationJson } from '../json.ts';
import type { TartHome } from './home.ts';
import { lockOwner } from './locks.ts';

export interface VmConfig {
  readonly version: 1;
  readonly os: 'linux' | 'darwin';
  readonly arch: 'arm64' | 'amd64';
  readonly cpuCountMin: number;
  readonly cpuCount: number;
  readonly memorySizeMin: number;
  readonly memorySize: number;
  readonly macAddress: string;
  readonly display: { readonly width: number; readonly height: number; readonly unit?: string | undefined };
  readonly displayRefit?: boolean | undefined;
  readonly diskFormat: 'raw' | 'asif';
}

const FILES = ['config.json', 'disk.img', 'nvram.bin'];

export const isComplete = (folder: string): boolean => FILES.every((file) => existsSync(join(folder, file)));

/** The folder of a local VM; Tart's two errors otherwise. */
export function localVm(home: TartHome, name: string): string {
  const folder = join(home.vms, name);
  if (name.includes('/') || !existsSync(folder)) throw missing(name);
  if (!isComplete(folder)) throw runtimeError('VM is missing some of its files (config.json, disk.img or nvram.bin)');
  return folder;
}

export function readConfig(folder: string): VmConfig {
  try {
    return JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as VmConfig;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT')
      throw otherError('The file “config.json” couldn’t be opened because there is no such file.');
    throw otherError('The data couldn’t be read because it isn’t in the correct format.');
  }
}

/** Written in place: a lock follows the inode, so a running VM stays running. */
export function writeConfig(folder: string, config: VmConfig): void {
  writeFileSync(join(folder, 'config.json'), foundationJson(config));
}

export type State = 'running' | 'suspended' | 'stopped';

export function stateOf(folder: string): State {
  if (lockOwner(folder) !== 0) return 'running';
  return existsSync(join(folder, 'state.vzvmsave')) ? 'suspended' : 'stopped';
}

/** Bytes: as large as it looks, and as large as it is. */
export function sizesOf(folder: string): { logical: number; allocated: number } {
  const stats = FILES.map((file) => statSync(join(folder, file)));
  return {
    logical: stats.reduce((sum, { size }) => sum + size, 0),
    allocated: stats.reduce((sum, { blocks }) => sum + blocks * 512, 0),
  };
}

export const GIGABYTE = 1_000_000_000;
export const MEBIBYTE = 1_048_576;

/** Locally administered, as Virtualization.framework's random ones. */
export function randomMac(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  bytes[0] = ((bytes[0] ?? 0) & 0xfc) | 0x02;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}
