import {
  CODE_DIRECTORY_SIZE,
  type Field,
  fields,
  HASH_SIZE,
  hashesAt,
  pageCount,
  pageHash,
  SUPER_BLOB_SIZE,
  signatureSize,
} from './code-directory.ts';
import { ARM64, EXECUTABLE, PLATFORM_MACOS, type Program, readProgram, segment, UUID, UUID_BYTES, viewOf } from './macho.ts';
import { uuidOf } from './uuid.ts';

export interface Expected {
  readonly identifier: string;
  readonly minimumOs: { readonly major: number; readonly minor: number };
}

/**
 * Verifies a program. Throws Error naming what keeps macOS on Apple Silicon from starting it, or differs from our signature. Every byte
 * is either hashed, or part of the signature and compared, so a change anywhere is found.
 */
export function verifyProgram(file: Uint8Array, { identifier, minimumOs }: Expected): void {
  const program = readProgram(file);
  equal('processor', program.cpuType, ARM64);
  equal('kind of file', program.fileType, EXECUTABLE);
  equal('platform', program.platform, PLATFORM_MACOS);
  equal('minimum macOS', program.minimumOs, (minimumOs.major << 16) | (minimumOs.minor << 8));
  verifyUuid(file, program, identifier);
  const codeLimit = signatureStart(file, program);
  const blob = file.subarray(codeLimit);
  equal('size of the signature', blob.length, signatureSize(identifier, codeLimit));
  for (const field of fields({ identifier, codeLimit, text: segment(program, '__TEXT') }))
    equal(`signature: ${field[0]}`, readField(viewOf(blob), field), field[3]);
  const directory = blob.subarray(SUPER_BLOB_SIZE);
  const name = new TextDecoder('latin1').decode(directory.subarray(CODE_DIRECTORY_SIZE, hashesAt(identifier)));
  if (name !== `${identifier}\0`) throw new Error(`signature: identifier is ${JSON.stringify(name)}, not '${identifier}'`);
  verifyPages(file, directory.subarray(hashesAt(identifier)), codeLimit);
}

/** Throws Error for Bun's own UUID, which every program compiled by this Bun has: a Local Network permission refused to one would bind them all. */
function verifyUuid(file: Uint8Array, { uuid }: Program, identifier: string): void {
  if (uuid === undefined) throw new Error('no LC_UUID: macOS could not keep a Local Network permission');
  const at = uuid.command + UUID;
  if (Buffer.compare(file.subarray(at, at + UUID_BYTES), uuidOf(identifier)) !== 0)
    throw new Error(`LC_UUID is ${uuid.text}, not the one of '${identifier}'`);
}

/** Returns the start of the signature. Throws Error unless the signature, and the segment that holds it, end the file. */
function signatureStart(file: Uint8Array, program: Program): number {
  if (program.signature === undefined) throw new Error('no LC_CODE_SIGNATURE: Apple Silicon starts nothing unsigned');
  const { offset, size } = program.signature;
  const linkEdit = segment(program, '__LINKEDIT');
  equal('end of the signature', offset + size, file.length);
  equal('end of __LINKEDIT', linkEdit.fileOffset + linkEdit.fileSize, file.length);
  return offset;
}

function verifyPages(file: Uint8Array, hashes: Uint8Array, codeLimit: number): void {
  for (let page = 0; page < pageCount(codeLimit); page += 1) {
    const recorded = hashes.subarray(page * HASH_SIZE, (page + 1) * HASH_SIZE);
    if (Buffer.compare(recorded, pageHash(file, page, codeLimit)) !== 0)
      throw new Error(`page ${page} of ${pageCount(codeLimit)} is not what was signed`);
  }
}

function readField(view: DataView, [, at, bytes]: Field): number {
  if (bytes === 1) return view.getUint8(at);
  return bytes === 4 ? view.getUint32(at) : Number(view.getBigUint64(at));
}

function equal(what: string, actual: number | undefined, expected: number): void {
  if (actual !== expected) throw new Error(`${what} is ${actual}, not ${expected}`);
}
