import { copyFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { Subcommand } from '../command-line/command.ts';
import type { Parsed } from '../command-line/parse.ts';
import { specs } from '../command-line/specs.ts';
import { otherError, runtimeError, usageError } from '../errors.ts';
import { GIGABYTE, localVm, MEBIBYTE, randomMac, readConfig, type VmConfig, writeConfig } from '../store/vm.ts';

/** No check for a running VM; config first, then the disk, so a late failure leaves earlier changes. */
export const set: Subcommand = ({ home, args }) => {
  const folder = localVm(home, args.positionals[0] ?? '');
  writeConfig(folder, changed(readConfig(folder), args));
  const disk = join(folder, 'disk.img');
  const other = args.value('--disk');
  if (other !== undefined) copyFileSync(other, disk);
  const gigabytes = args.number('--disk-size');
  if (gigabytes !== undefined) growDisk(disk, gigabytes);
  return 0;
};

function changed(config: VmConfig, args: Parsed): VmConfig {
  const cpu = args.number('--cpu') ?? config.cpuCount;
  const megabytes = args.number('--memory');
  const memory = megabytes === undefined ? config.memorySize : megabytes * MEBIBYTE;
  const minimalMemory = 4 * MEBIBYTE;
  const tooLittle = (what: string) => otherError(`LessThanMinimalResourcesError: VM should have ${what}`);
  if (cpu < 1) throw tooLittle(`1 CPU cores at minimum (requested ${cpu})`);
  if (memory < minimalMemory) throw tooLittle(`${minimalMemory} bytes of memory at minimum (requested ${memory})`);
  return {
    ...config,
    cpuCount: cpu,
    memorySize: memory,
    display: display(args) ?? config.display,
    displayRefit: args.flags.has('--display-refit') || undefined,
    macAddress: args.flags.has('--random-mac') ? randomMac() : config.macAddress,
  };
}

function display(args: Parsed): VmConfig['display'] | undefined {
  const text = args.value('--display');
  if (text === undefined) return undefined;
  const [, width, height, unit] = /^(\d+)x(\d+)(pt|px)?$/.exec(text) ?? [];
  if (!width || !height) throw usageError(`The value '${text}' is invalid for '--display <display>'`, specs.set);
  return { width: Number(width), height: Number(height), unit };
}

function growDisk(disk: string, gigabytes: number): void {
  const { size } = statSync(disk);
  const wanted = gigabytes * GIGABYTE;
  if (wanted < size) {
    const shown = (bytes: number) => `${bytes / GIGABYTE} GB`;
    throw runtimeError(`new disk size of ${shown(wanted)} should be larger than the current disk size of ${shown(size)}`);
  }
  truncateSync(disk, wanted);
}
