import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runtimeError } from '../errors.ts';

export interface TartHome {
  readonly folder: string;
  readonly vms: string;
  readonly cache: string;
  readonly oci: string;
  readonly tmp: string;
}

export const homeAt = (folder: string): TartHome => ({
  folder,
  vms: join(folder, 'vms'),
  cache: join(folder, 'cache'),
  oci: join(folder, 'cache', 'OCIs'),
  tmp: join(folder, 'tmp'),
});

/** $TART_HOME, made if absent; set but empty means the current folder. */
export function openHome(): TartHome {
  const { TART_HOME, HOME = '/' } = process.env;
  const folder = TART_HOME === undefined ? join(HOME, '.tart') : resolve(TART_HOME);
  const home = homeAt(folder);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw runtimeError(`TART_HOME is invalid: ${folder} does not exist, yet we can't create it: ${why}`);
  }
  for (const part of [home.vms, home.oci, home.tmp]) mkdirSync(part, { recursive: true });
  return home;
}
