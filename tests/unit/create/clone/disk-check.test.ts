import { expect, test } from 'bun:test';
import { checkDisk } from '../../../../src/create/clone/disk-check.ts';
import { findDesktop } from '../../../../src/guest/provisioning/desktops.ts';
import { createPaths } from '../../../../src/state/paths.ts';
import { scripted } from '../../../flows/scripted.ts';

const REFERENCE = 'ghcr.io/cirruslabs/ubuntu:24.04';
const images = [{ name: REFERENCE, diskGb: 20 }];
const paths = createPaths({ HOME: '/home/me' });

interface World {
  readonly free?: number | undefined;
  /** What macOS would make room for; undefined where there is nothing to ask. */
  readonly withPurgeable?: string | undefined;
  readonly cached?: boolean;
  readonly diskGb?: number;
  readonly gui?: boolean;
}

async function check({ free, withPurgeable, cached = false, diskGb = 80, gui = false }: World) {
  const asked: string[] = [];
  const freeBytes = (path: string) => {
    asked.push(path);
    return free === undefined ? undefined : free * 1e9;
  };
  const { app, finish } = scripted({
    programs: new Set(withPurgeable === undefined ? [] : ['osascript']),
    calls: withPurgeable === undefined ? [] : [{ call: /^osascript -l JavaScript .* \/\S*$/s, stdout: withPurgeable }],
  });
  const plan = { vm: 'lab', resources: { cpus: 1, memoryMb: 1, diskGb }, desktop: gui ? findDesktop('lightdm') : undefined };
  await checkDisk({ freeBytes, paths, runner: app.runner }, plan, REFERENCE, { vms: [], images: cached ? images : [] });
  finish();
  return asked;
}

test('the disk that Tart writes to is asked', async () => {
  expect(await check({ free: 100 })).toEqual(['/home/me/.tart']);
});

test.each([
  ['a server with its image', { free: 3.9 }, '4 GB'],
  ['a server of a cached image', { free: 0.9, cached: true }, '1 GB'],
  ['a desktop with its image', { free: 7.9, gui: true }, '8 GB'],
  ['a desktop of a cached image', { free: 4.9, gui: true, cached: true }, '5 GB'],
])('%s: too little is refused, with the numbers', async (_, options, needed) => {
  await expect(check(options)).rejects.toThrow(`${options.free.toFixed(1)} GB are free in /home/me/.tart, ${needed} are needed at least`);
  await check({ ...options, free: options.free + 0.1 });
});

test('where the system does not tell, nothing is refused', async () => {
  await check({ free: undefined });
});

test('a disk below that of a cached image is refused, with the numbers', async () => {
  await expect(check({ cached: true, diskGb: 19, free: 100 })).rejects.toThrow(
    `a disk of 19 GB is smaller than that of ${REFERENCE}, which has 20 GB`,
  );
  await check({ cached: true, diskGb: 20, free: 100 });
  await check({ cached: false, diskGb: 5, free: 100 });
});

test('what macOS would purge counts as free, as it does for Finder and Tart', async () => {
  await check({ free: 1, withPurgeable: '40000000000\n' });
  await expect(check({ free: 1, withPurgeable: '3900000000\n' })).rejects.toThrow('1.0 GB are free');
  // An answer that is no number does not make room.
  await expect(check({ free: 1, withPurgeable: 'undefined\n' })).rejects.toThrow('1.0 GB are free');
});
