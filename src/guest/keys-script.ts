import { bashInput, constants } from './script.ts';
import putKeys from './scripts/put-keys.sh' with { type: 'text' };

/**
 * Returns the script for `bash -s` in the guest that moves files from a folder below the home into `~/.ssh`: all of them or none. It
 * keeps another file of that name, and prints `kept <name> as <other name>`.
 */
export function keysScript(folder: string, names: readonly string[]): string {
  return bashInput([constants({ KEYS_FOLDER: folder, KEYS: names }), putKeys]);
}
