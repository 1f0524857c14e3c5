import { createHash } from 'node:crypto';

/** The layout of an ad-hoc code signature, from <kern/cs_blobs.h>: one blob, the code directory. Big-endian. */
const SUPER_BLOB_MAGIC = 0xfade_0cc0;
const CODE_DIRECTORY_MAGIC = 0xfade_0c02;
/** Magic, length and count, then the type and the place of the only blob. */
export const SUPER_BLOB_SIZE = 20;
export const CODE_DIRECTORY_SIZE = 88;
export const PAGE_SIZE = 4_096;
export const HASH_SIZE = 32;

/** The claims of a code directory about its file. */
export interface Signed {
  readonly identifier: string;
  /** The number of signed bytes: all before the signature. */
  readonly codeLimit: number;
  readonly text: { readonly fileOffset: number; readonly fileSize: number };
}

export type Field = readonly [name: string, at: number, bytes: 1 | 4 | 8, value: number];

/** Returns every field of the signature before its identifier and hashes, so that no byte is unaccounted for. */
export function fields({ identifier, codeLimit, text }: Signed): Field[] {
  const directory = SUPER_BLOB_SIZE;
  const size = signatureSize(identifier, codeLimit);
  return [
    ['magic', 0, 4, SUPER_BLOB_MAGIC],
    ['length', 4, 4, size],
    ['number of blobs', 8, 4, 1],
    ['type of the blob', 12, 4, 0],
    ['place of the blob', 16, 4, directory],
    ['magic of the code directory', directory, 4, CODE_DIRECTORY_MAGIC],
    ['length of the code directory', directory + 4, 4, size - directory],
    ['version', directory + 8, 4, 0x2_0400],
    // Ad hoc (2), and of the form that a linker writes: macOS then expects no further blobs.
    ['flags', directory + 12, 4, 0x2_0002],
    ['place of the hashes', directory + 16, 4, hashesAt(identifier)],
    ['place of the identifier', directory + 20, 4, CODE_DIRECTORY_SIZE],
    ['number of special hashes', directory + 24, 4, 0],
    ['number of page hashes', directory + 28, 4, pageCount(codeLimit)],
    ['code limit', directory + 32, 4, codeLimit],
    ['size of a hash', directory + 36, 1, HASH_SIZE],
    ['kind of hash', directory + 37, 1, 2],
    ['platform', directory + 38, 1, 0],
    ['size of a page', directory + 39, 1, Math.log2(PAGE_SIZE)],
    ['spare field 2', directory + 40, 4, 0],
    ['scatter vector', directory + 44, 4, 0],
    ['team', directory + 48, 4, 0],
    ['spare field 3', directory + 52, 4, 0],
    ['code limit beyond 4 GB', directory + 56, 8, 0],
    ['start of the program text', directory + 64, 8, text.fileOffset],
    ['size of the program text', directory + 72, 8, text.fileSize],
    // The main program, not a library.
    ['flags of the program text', directory + 80, 8, 1],
  ];
}

export function pageCount(codeLimit: number): number {
  return Math.ceil(codeLimit / PAGE_SIZE);
}

/** Returns the offset of the hashes from the start of the code directory. */
export function hashesAt(identifier: string): number {
  return CODE_DIRECTORY_SIZE + identifier.length + 1;
}

export function signatureSize(identifier: string, codeLimit: number): number {
  return SUPER_BLOB_SIZE + hashesAt(identifier) + pageCount(codeLimit) * HASH_SIZE;
}

/** Returns the SHA-256 of one page; the last page ends with the signed bytes. */
export function pageHash(file: Uint8Array, page: number, codeLimit: number): Uint8Array {
  const end = Math.min((page + 1) * PAGE_SIZE, codeLimit);
  return createHash('sha256')
    .update(file.subarray(page * PAGE_SIZE, end))
    .digest();
}
