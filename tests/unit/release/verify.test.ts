import { expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { sign } from '../../../src/release/sign.ts';
import { verifyProgram } from '../../../src/release/verify.ts';
import { CODE_LIMIT, EXPECTED, signedProgram, unsignedProgram } from './program.ts';

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
  ['as the compiler left it', unsignedProgram(), 'size of the signature is'],
  ['signed under another name', sign(unsignedProgram(), 'a.out'), 'identifier is "a.out\\u0000"'],
  ['no program at all', new TextEncoder().encode('#!/bin/sh\n'.repeat(9)), 'not a 64-bit Mach-O file'],
])('%s: refused', (_what, file, message) => {
  expect(verify(file)).toThrow(message);
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
