import { expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { readProgram } from '../../../src/release/macho.ts';
import { sign } from '../../../src/release/sign.ts';
import { verifyProgram } from '../../../src/release/verify.ts';
import { CODE_LIMIT, EXPECTED, signedProgram, UUID_COMMAND, unsignedProgram } from './program.ts';

const verify = (file: Uint8Array) => () => verifyProgram(file, EXPECTED);

function tampered(at: number): Uint8Array {
  const file = signedProgram();
  file[at] = (file[at] ?? 0) ^ 1;
  return file;
}

test('what we sign is accepted, and signing it again changes nothing', () => {
  const signed = signedProgram();
  expect(verify(signed)).not.toThrow();
  expect(sign(signed, 'rusta')).toEqual(signed);
});

test('one changed bit is found in every single byte of the file', () => {
  const signed = signedProgram();
  const missed: number[] = [];
  for (let at = 0; at < signed.length; at += 1) {
    signed[at] = (signed[at] ?? 0) ^ 1;
    try {
      verifyProgram(signed, EXPECTED);
      missed.push(at);
    } catch {}
    signed[at] = (signed[at] ?? 0) ^ 1;
  }
  expect(missed).toEqual([]);
});

const end = signedProgram().length;

test.each([
  ['the magic number', 0, 'not a 64-bit Mach-O file'],
  ['the processor', 4, 'processor is'],
  ['the kind of file', 12, 'kind of file is'],
  ['a byte of code', 5_000, 'page 1 of 4 is not what was signed'],
  ['the last byte that is signed, on a page that is not whole', CODE_LIMIT - 1, 'page 3 of 4 is not what was signed'],
  ['the flags of the signature', CODE_LIMIT + 20 + 15, 'signature: flags is'],
  ['the identifier', CODE_LIMIT + 20 + 88, 'identifier is "susta\\u0000", not \'rusta\''],
  ['the last byte', end - 1, 'page 3 of 4 is not what was signed'],
])('%s: the message says what is wrong', (_what, at, message) => {
  expect(verify(tampered(at))).toThrow(message);
});

test.each([
  ['cut off by a byte', signedProgram().subarray(0, end - 1), 'end of the signature is'],
  ['cut off within the load commands', signedProgram().subarray(0, 100), 'cut off within its load commands'],
  ['cut off within the header', signedProgram().subarray(0, 20), 'not a 64-bit Mach-O file'],
  ['with a tail of old bytes', Buffer.concat([signedProgram(), new Uint8Array(16)]), 'end of the signature is'],
  ['as the compiler left it', unsignedProgram(), "LC_UUID is 4C4C44C8-5555-3144-A17A-6D257E6B6E91, not the one of 'rusta'"],
  ['signed under another name', sign(unsignedProgram(), 'a.out'), "not the one of 'rusta'"],
  ['no program at all', new TextEncoder().encode('#!/bin/sh\n'.repeat(9)), 'not a 64-bit Mach-O file'],
])('%s: refused', (_what, file, message) => {
  expect(verify(file)).toThrow(message);
});

const uuid = (file: Uint8Array) => readProgram(file).uuid?.text;

test('the UUID is ours: another one than the compiler gave, the same for two versions, another one for another program', () => {
  const newer = unsignedProgram();
  newer.fill(0x2a, 5_000, 6_000);
  expect(uuid(unsignedProgram())).toBe('4C4C44C8-5555-3144-A17A-6D257E6B6E91');
  expect(uuid(signedProgram())).toMatch(/^[0-9A-F]{8}-[0-9A-F]{4}-8[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/);
  expect(uuid(sign(newer, 'rusta'))).toBe(uuid(signedProgram()) ?? '');
  expect(sign(newer, 'rusta')).not.toEqual(signedProgram());
  expect(uuid(sign(unsignedProgram(), 'rustb'))).not.toBe(uuid(signedProgram()) ?? '');
});

test('the UUID of rusta stays what it is: macOS keeps the Local Network permission by it', () => {
  expect(uuid(signedProgram())).toBe('2370C527-5AF1-8E70-A8EA-EE441970B1B1');
});

/** The small program with another load command where its UUID stood: the rest of it becomes a command that nobody reads. */
function commandForUuid(kind: number, size: number): Uint8Array {
  const file = unsignedProgram();
  const view = new DataView(file.buffer);
  view.setUint32(UUID_COMMAND, kind, true);
  view.setUint32(UUID_COMMAND + 4, size, true);
  if (size === 24) return file;
  view.setUint32(16, view.getUint32(16, true) + 1, true);
  view.setUint32(UUID_COMMAND + size, 0x2a, true);
  view.setUint32(UUID_COMMAND + size + 4, 24 - size, true);
  return file;
}

test('a program without a UUID to replace is refused, and so is one whose command for it is too short', () => {
  expect(() => sign(commandForUuid(0x1c, 24), 'rusta')).toThrow('no LC_UUID to replace');
  expect(verify(commandForUuid(0x1c, 24))).toThrow('no LC_UUID');
  expect(() => sign(commandForUuid(0x1b, 16), 'rusta')).toThrow('LC_UUID is too short');
});

test('a program for a newer macOS than the formula promises is refused', () => {
  const older = { ...EXPECTED, minimumOs: { major: 12, minor: 0 } };
  expect(() => verifyProgram(signedProgram(), older)).toThrow('minimum macOS is');
});

test('the signature is the one that Apple documents: identifier at 88, a SHA-256 for each 4096 bytes, the last one shorter', () => {
  const signed = signedProgram();
  const directory = Buffer.from(signed.subarray(CODE_LIMIT + 20));
  expect(directory.readUInt32BE(0)).toBe(0xfade0c02);
  expect(directory.toString('latin1', 88, 94)).toBe('rusta\0');
  const hashes = [0, 1, 2, 3].map((page) =>
    createHash('sha256')
      .update(signed.subarray(page * 4096, Math.min(CODE_LIMIT, (page + 1) * 4096)))
      .digest(),
  );
  expect(directory.subarray(94)).toEqual(Buffer.concat(hashes));
});
