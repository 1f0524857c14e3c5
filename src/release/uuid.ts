import { createHash } from 'node:crypto';
import { UUID_BYTES } from './macho.ts';

/**
 * Returns the `LC_UUID` of our program. macOS keeps the Local Network permission by this value, so it must be ours alone, while Bun gives
 * the same one to everything that it compiles; and it must stay the same from version to version, so that a permission survives an upgrade.
 */
export function uuidOf(identifier: string): Uint8Array {
  const uuid = new Uint8Array(createHash('sha256').update(`LC_UUID ${identifier}`).digest()).slice(0, UUID_BYTES);
  // RFC 9562: version 8 (made by a rule of our own), variant 10.
  uuid[6] = ((uuid[6] ?? 0) & 0x0f) | 0x80;
  uuid[8] = ((uuid[8] ?? 0) & 0x3f) | 0x80;
  return uuid;
}
