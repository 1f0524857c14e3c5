import {
  CODE_DIRECTORY_SIZE,
  type Field,
  fields,
  HASH_SIZE,
  hashesAt,
  pageCount,
  pageHash,
  type Signed,
  SUPER_BLOB_SIZE,
  signatureSize,
} from './code-directory.ts';
import { readProgram, SEGMENT_FILE_SIZE, SEGMENT_VM_SIZE, SIGNATURE_SIZE, segment, UUID, viewOf } from './macho.ts';
import { uuidOf } from './uuid.ts';

/** Memory of Apple Silicon comes in pages of this size. */
const MEMORY_PAGE = 16_384;

/**
 * Returns the program signed ad hoc under our own identifier and with a UUID of its own: Bun's are `a.out`, and one that all its programs
 * share. We sign ourselves because no Linux has `codesign`, which changes no UUID either, and because a signature that depends on the
 * machine would end reproducible releases. Throws Error for a program without a UUID, or without a signature to replace at its end.
 */
export function sign(file: Uint8Array, identifier: string): Uint8Array {
  const program = readProgram(file);
  const { signature, uuid } = program;
  const linkEdit = segment(program, '__LINKEDIT');
  if (signature === undefined) throw new Error('no signature to replace');
  if (uuid === undefined) throw new Error('no LC_UUID to replace');
  if (signature.offset + signature.size !== file.length || linkEdit.fileOffset + linkEdit.fileSize !== file.length)
    throw new Error('the signature is not the end of the file');
  const codeLimit = signature.offset;
  const size = signatureSize(identifier, codeLimit);
  const signed = new Uint8Array(codeLimit + size);
  signed.set(file.subarray(0, codeLimit));
  const view = viewOf(signed);
  const linkEditSize = signed.length - linkEdit.fileOffset;
  view.setUint32(signature.command + SIGNATURE_SIZE, size, true);
  view.setBigUint64(linkEdit.command + SEGMENT_FILE_SIZE, BigInt(linkEditSize), true);
  view.setBigUint64(linkEdit.command + SEGMENT_VM_SIZE, BigInt(Math.ceil(linkEditSize / MEMORY_PAGE) * MEMORY_PAGE), true);
  signed.set(uuidOf(identifier), uuid.command + UUID);
  writeSignature(signed, { identifier, codeLimit, text: segment(program, '__TEXT') });
  return signed;
}

/** Writes the signature. Comes last, because the hashes cover the load commands. */
function writeSignature(file: Uint8Array, signed: Signed): void {
  const { identifier, codeLimit } = signed;
  const blob = file.subarray(codeLimit);
  for (const field of fields(signed)) writeField(viewOf(blob), field);
  const directory = blob.subarray(SUPER_BLOB_SIZE);
  directory.set(new TextEncoder().encode(identifier), CODE_DIRECTORY_SIZE);
  for (let page = 0; page < pageCount(codeLimit); page += 1)
    directory.set(pageHash(file, page, codeLimit), hashesAt(identifier) + page * HASH_SIZE);
}

function writeField(view: DataView, [, at, bytes, value]: Field): void {
  if (bytes === 1) view.setUint8(at, value);
  else if (bytes === 4) view.setUint32(at, value);
  else view.setBigUint64(at, BigInt(value));
}
