import { expect, test } from 'bun:test';
import { checkDisk } from '../../../src/create/disk-check.ts';
import { findDesktop } from '../../../src/guest/desktops.ts';
import { createPaths } from '../../../src/state/paths.ts';

const REFERENCE = 'ghcr.io/cirruslabs/ubuntu:24.04';
const images = [{ name: REFERENCE, diskGb: 20 }];
const paths = createPaths({ HOME: '/home/me' });

function check(options: { free?: number | undefined; cached?: boolean; diskGb?: number; gui?: boolean; reference?: string }) {
  const { free, cached = false, diskGb = 80, gui = false, reference = REFERENCE } = options;
  const asked: string[] = [];
  const freeBytes = (path: string) => {
    asked.push(path);
    return free === undefined ? undefined : free * 1e9;
  };
  const plan = { vm: 'lab', resources: { cpus: 1, memoryMb: 1, diskGb }, desktop: gui ? findDesktop('lightdm') : undefined };
  checkDisk({ freeBytes, paths }, plan, reference, { vms: [], images: cached ? images : [] });
  return asked;
}

test('the disk that Tart writes to is asked', () => {
  expect(check({ free: 100 })).toEqual(['/home/me/.tart']);
});

test.each([
  ['a server with its image', { free: 3.9 }, '4 GB'],
  ['a server of a cached image', { free: 0.9, cached: true }, '1 GB'],
  ['a desktop with its image', { free: 7.9, gui: true }, '8 GB'],
  ['a desktop of a cached image', { free: 4.9, gui: true, cached: true }, '5 GB'],
])('%s: too little is refused, with the numbers', (_, options, needed) => {
  expect(() => check(options)).toThrow(`${options.free.toFixed(1)} GB are free in /home/me/.tart, ${needed} are needed at least`);
  expect(() => check({ ...options, free: options.free + 0.1 })).not.toThrow();
});

test('where the system does not tell, nothing is refused', () => {
  expect(() => check({ free: undefined })).not.toThrow();
});

test('a disk below that of a cached image is refused, with the numbers', () => {
  expect(() => check({ cached: true, diskGb: 19, free: 100 })).toThrow(
    `a disk of 19 GB is smaller than that of ${REFERENCE}, which has 20 GB`,
  );
  expect(() => check({ cached: true, diskGb: 20, free: 100 })).not.toThrow();
  expect(() => check({ cached: false, diskGb: 5, free: 100 })).not.toThrow();
});
