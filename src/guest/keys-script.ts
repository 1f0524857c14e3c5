import { bashInput, constants } from './script.ts';
import putKeys from './scripts/put-keys.sh' with { type: 'text' };

/**
 * Returns what `bash -s` in the guest has to read, to move files from a folder below the home into `~/.ssh`: all of them or none. Another file
 * of that name is kept, and told in a line `kept <name> as <other name>`.
 */
export function keysScript(folder: string, names: readonly string[]): string {
  return bashInput([constants({ KEYS_FOLDER: folder, KEYS: names }), putKeys]);
}
