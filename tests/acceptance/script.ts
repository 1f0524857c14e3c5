/** The acceptance script on a Mac of the sandbox: how it is run, what it writes and what it leaves. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUSTA } from '../e2e/rusta.ts';
import type { Mac } from '../sandbox/mac.ts';
import { processesOf } from '../sandbox/processes.ts';
import type { RunResult } from '../sandbox/spawn.ts';
import { TEST_MS } from '../sandbox/wait.ts';
import type { Evidence, Result } from './evidence.ts';

const SCRIPT = join(import.meta.dir, '../scripts/acceptance.ts');

/** Bun's own cache would be the one thing left in the home folder. */
export const ENV = { BUN_RUNTIME_TRANSPILER_CACHE_PATH: '0' };
export const jsonPath = (mac: Mac) => join(mac.root, 'evidence.json');
export const acceptanceArgv = (mac: Mac, ...args: string[]) => [SCRIPT, '--rusta', RUSTA, '--json', jsonPath(mac), ...args];
export const accept = (mac: Mac, args: readonly string[], env: Record<string, string> = {}): Promise<RunResult> =>
  mac.run(process.execPath, acceptanceArgv(mac, '--yes', ...args), { env: { ...ENV, ...env }, timeoutMs: TEST_MS });
export const readEvidence = (mac: Mac): Evidence => JSON.parse(readFileSync(jsonPath(mac), 'utf8'));
export const readItem = (mac: Mac, number: number): Result | undefined => readEvidence(mac).items.find((each) => each.number === number);
/** What is left of the run on the Mac: files of its home, VMs, processes. */
export const leftovers = async (mac: Mac) => ({
  home: readdirSync(mac.home),
  vms: (await mac.run('tart', ['list', '--source', 'local', '--quiet'])).stdout,
  processes: processesOf(mac.root),
});
export const NOTHING = { home: [], vms: '', processes: [] };
