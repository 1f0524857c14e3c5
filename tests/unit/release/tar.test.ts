import { expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzip, tar } from '../../../src/release/tar.ts';

const FILES = [
  { path: 'rusta', bytes: new Uint8Array(1_025).fill(7), executable: true },
  { path: 'man/man1/rusta.1', bytes: new TextEncoder().encode('.TH\n') },
  { path: 'empty', bytes: new Uint8Array() },
];

test("the system's tar unpacks it: names, bytes and modes", () => {
  const folder = mkdtempSync(join(tmpdir(), 'rusta-tar-'));
  try {
    writeFileSync(join(folder, 'all.tar.gz'), gzip(tar(FILES)));
    const unpacked = Bun.spawnSync(['tar', 'xzf', 'all.tar.gz'], { cwd: folder });
    expect(unpacked.stderr.toString()).toBe('');
    expect(unpacked.exitCode).toBe(0);
    for (const { path, bytes } of FILES) expect(new Uint8Array(readFileSync(join(folder, path)))).toEqual(bytes);
    expect(statSync(join(folder, 'rusta')).mode & 0o111).toBe(0o111);
    expect(statSync(join(folder, 'empty')).mode & 0o111).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the order in which files come does not matter, and no date or system is in it', () => {
  const [first, ...others] = FILES;
  expect(first).toBeDefined();
  expect(tar([...others, ...(first ? [first] : [])])).toEqual(tar(FILES));
  const header = gzip(tar(FILES)).subarray(4, 10);
  expect([...header.subarray(0, 4), header[5]]).toEqual([0, 0, 0, 0, 255]);
});

test('a path that the format cannot hold is refused instead of cut', () => {
  expect(() => tar([{ path: 'x'.repeat(101), bytes: new Uint8Array() }])).toThrow('too long');
});
