import { PAGE_SIZE } from '../../../src/release/code-directory.ts';
import { sign } from '../../../src/release/sign.ts';

const HEADER = 32;
const SEGMENT = 72;
const TEXT_SIZE = 2 * PAGE_SIZE;
/** Not a whole page: the last hash covers part of one. */
const LINK_EDIT_SIZE = PAGE_SIZE + 720;
const OLD_SIGNATURE = 64;
export const UUID_COMMAND = HEADER + 2 * SEGMENT + 24;
/** What every program has that Bun 1.4.5 compiles for Apple Silicon. */
const OLD_UUID = Buffer.from('4c4c44c855553144a17a6d257e6b6e91', 'hex');

export const CODE_LIMIT = TEXT_SIZE + LINK_EDIT_SIZE;
export const EXPECTED = { identifier: 'rusta', minimumOs: { major: 13, minor: 0 } };

/** A small program for Apple Silicon as a linker leaves it, with a signature that says nothing. */
export function unsignedProgram(): Uint8Array {
  const file = new Uint8Array(CODE_LIMIT + OLD_SIGNATURE);
  // Every byte is another one than its neighbours, so that none can be moved without notice.
  for (let at = 0; at < CODE_LIMIT; at += 1) file[at] = (at * 7 + (at >> 8)) & 0xff;
  const view = new DataView(file.buffer);
  const words = (at: number, ...values: number[]) => {
    for (const [index, value] of values.entries()) view.setUint32(at + 4 * index, value, true);
  };
  const commands = 2 * SEGMENT + 24 + 24 + 16;
  words(0, 0xfeedfacf, 0x0100000c, 0, 2, 5, commands, 0x85, 0);
  segment(file, HEADER, '__TEXT', 0, TEXT_SIZE);
  segment(file, HEADER + SEGMENT, '__LINKEDIT', TEXT_SIZE, LINK_EDIT_SIZE + OLD_SIGNATURE);
  words(HEADER + 2 * SEGMENT, 0x32, 24, 1, 13 << 16, 26 << 16, 0);
  words(UUID_COMMAND, 0x1b, 24);
  file.set(OLD_UUID, UUID_COMMAND + 8);
  words(UUID_COMMAND + 24, 0x1d, 16, CODE_LIMIT, OLD_SIGNATURE);
  return file;
}

export function signedProgram(): Uint8Array {
  return sign(unsignedProgram(), EXPECTED.identifier);
}

function segment(file: Uint8Array, at: number, name: string, offset: number, size: number): void {
  const view = new DataView(file.buffer);
  view.setUint32(at, 0x19, true);
  view.setUint32(at + 4, SEGMENT, true);
  file.fill(0, at + 8, at + SEGMENT);
  file.set(new TextEncoder().encode(name), at + 8);
  view.setBigUint64(at + 40, BigInt(offset), true);
  view.setBigUint64(at + 48, BigInt(size), true);
}
