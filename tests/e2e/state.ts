import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemClock } from '../../src/system/clock.ts';
import { acquireLock } from '../../src/system/files/lock.ts';
import type { Mac } from '../sandbox/mac.ts';
import { PATIENCE_MS } from '../sandbox/wait.ts';

export const ours = (mac: Mac, ...path: string[]) => join(mac.home, '.local/share/rusta', ...path);

/** state.toml as it stands, less what differs from machine to machine, the marks of VMs, and the images of finished ones. undefined if there is none. */
export function readState(mac: Mac): string | undefined {
  const path = ours(mac, 'state.toml');
  if (!existsSync(path)) return undefined;
  const tables = readFileSync(path, 'utf8')
    .replace(/^mark = .*\n?/gm, '')
    .split(/^(?=\[)/m);
  return tables.map((table) => (/^setup = /m.test(table) ? table : table.replace(/^image = .*\n?/gm, ''))).join('');
}

export function writeState(mac: Mac, text: string): void {
  const path = ours(mac, 'state.toml');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Waits until nobody is at work on any VM: the clone of a killed command is, until it ends. */
export async function untilFree(mac: Mac): Promise<void> {
  const folder = ours(mac, 'run');
  const names = existsSync(folder) ? [...new Bun.Glob('*.lock').scanSync({ cwd: folder })] : [];
  for (const name of names) {
    const result = await acquireLock(join(folder, name), systemClock, { purpose: 'a test', waitMs: PATIENCE_MS });
    if ('heldBy' in result) throw new Error(`${name} is held by ${result.heldBy}`);
    result.lock.release();
  }
}

/** The command lines of a stand-in program, in order. */
export function commands(mac: Mac, program: string): string[] {
  return mac.calls(program).map(({ args }) => args.join(' '));
}
