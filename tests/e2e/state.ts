import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Mac } from '../sandbox/mac.ts';

export const ours = (mac: Mac, ...path: string[]) => join(mac.home, '.local/share/rusta', ...path);

/** state.toml as it stands, less the marks and the images of VMs, which most tests do not care for. undefined if there is none. */
export function readState(mac: Mac): string | undefined {
  const path = ours(mac, 'state.toml');
  return existsSync(path) ? readFileSync(path, 'utf8').replace(/^(?:mark|image) = .*\n?/gm, '') : undefined;
}

export function writeState(mac: Mac, text: string): void {
  const path = ours(mac, 'state.toml');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** The command lines of a stand-in program, in order. */
export function commands(mac: Mac, program: string): string[] {
  return mac.calls(program).map(({ args }) => args.join(' '));
}
