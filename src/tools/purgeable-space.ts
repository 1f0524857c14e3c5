import { ToolError } from '../errors.ts';
import type { Runner } from '../system/programs/runner.ts';

const TIMEOUT_MS = 10_000;

/** JavaScript for Automation. The value is what Finder and Tart count: free space and what macOS would purge for it, snapshots and caches. */
const SCRIPT = `function run(argv) {
  ObjC.import("Foundation");
  const key = "NSURLVolumeAvailableCapacityForImportantUsageKey";
  return ObjC.deepUnwrap($.NSURL.fileURLWithPath(argv[0]).resourceValuesForKeysError([key], null))[key];
}`;

/**
 * Returns the bytes that macOS would make room for where this existing path is, undefined where it is not there to be asked or gives no
 * number. On APFS `statfs` leaves out what can be purged, often tens of gigabytes. Takes a tenth of a second.
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
