import { ToolError } from '../errors.ts';
import type { Runner } from '../system/programs/runner.ts';

const TIMEOUT_MS = 10_000;

/**
 * JavaScript for Automation. Its value is the number that Finder and Tart use: free space, and snapshots and caches that macOS would
 * purge for it.
 */
const SCRIPT = `function run(argv) {
  ObjC.import("Foundation");
  const key = "NSURLVolumeAvailableCapacityForImportantUsageKey";
  return ObjC.deepUnwrap($.NSURL.fileURLWithPath(argv[0]).resourceValuesForKeysError([key], null))[key];
}`;

/**
 * Returns the bytes for which macOS would make room at this existing path; undefined if it is absent, or there is no number. On APFS
 * `statfs` leaves out purgeable space, often tens of gigabytes. Takes a tenth of a second.
 */
export async function spaceWithPurgeable(runner: Runner, path: string): Promise<number | undefined> {
  if (runner.which('osascript') === undefined) return undefined;
  try {
    const { stdout } = await runner.check({ program: 'osascript', args: ['-l', 'JavaScript', '-e', SCRIPT, path], timeoutMs: TIMEOUT_MS });
    return /^\d+$/.test(stdout.trim()) ? Number(stdout) : undefined;
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}
