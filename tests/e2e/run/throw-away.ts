import { expect } from 'bun:test';
import type { Mac } from '../../sandbox/mac.ts';
import { untilAllEnd } from '../../sandbox/processes.ts';
import type { RunOptions } from '../../sandbox/spawn.ts';
import { readState } from '../state.ts';

/** Returns what runs commands in copies of VM `base`, and what looks for what they have left. */
export function throwAway(mac: () => Mac) {
  const run = (words: readonly string[], options: RunOptions = {}, flags: readonly string[] = []) =>
    mac().rusta(['run', '--from', 'base', ...flags, '--', ...words], options);
  const vms = async () => (await mac().run('tart', ['list', '--quiet', '--source', 'local'])).stdout.trim().split('\n');
  /** No VM but those of the user, no process, no record. */
  async function checkNothingLeft(): Promise<void> {
    await untilAllEnd(mac().root);
    expect(await vms()).toEqual(['base']);
    expect((readState(mac()) ?? '').trim()).toBe('');
  }
  return { run, vms, checkNothingLeft };
}
