import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { out } from '../../standin/io.ts';
import type { TartHome } from './home.ts';
import { lockOwner } from './locks.ts';
import { isComplete, randomMac, readConfig, writeConfig } from './vm.ts';

/** A MAC address that another running VM has is replaced at the start. */
export function avoidMacClash(home: TartHome, folder: string): void {
  const config = readConfig(folder);
  const clashes = readdirSync(home.vms)
    .map((name) => join(home.vms, name))
    .some((other) => other !== folder && isComplete(other) && lockOwner(other) !== 0 && readConfig(other).macAddress === config.macAddress);
  if (!clashes) return;
  out('There is already a running VM with the same MAC address!');
  out('Resetting VM to assign a new MAC address...');
  writeConfig(folder, { ...config, macAddress: randomMac() });
}
