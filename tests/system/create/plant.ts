import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeState } from '../../e2e/state.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { output } from '../../sandbox/system/programs.ts';
import { statePaths } from '../../sandbox/system/state.ts';

/** A cloned VM whose set-up has not begun: what it finds can be planted, then `rusta create <vm> --resume` provisions it. */
export async function clonedVm(mac: Mac, name: string): Promise<void> {
  await mac.addVm(name);
  writeState(mac, `[vms.${name}]\ngui = false\nsetup = "booting"\n`);
}

/** Where a file that the guest has written, or that was planted, stands on this machine. */
export const inside = (mac: Mac, vm: string, path: string) => join(statePaths(mac.vm(vm).folder).upper, path);

/** A file in a guest that is off. */
export async function plant(mac: Mac, vm: string, path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  const file = inside(mac, vm, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  await chmod(file, mode);
}

/** Takes away what was planted: the image's own file shows again. */
export const unplant = (mac: Mac, vm: string, path: string): Promise<void> => rm(inside(mac, vm, path));

/** Hides a file of the image, as overlayfs does it. */
export async function hide(mac: Mac, vm: string, path: string): Promise<void> {
  const file = inside(mac, vm, path);
  await mkdir(dirname(file), { recursive: true });
  await output(['mknod', file, 'c', '0', '0']);
}

/** A Debian package of these files (path to content; executable), with a script that runs when it is installed. */
export async function debianPackage(name: string, files: Readonly<Record<string, string>>, afterInstall = ':'): Promise<Uint8Array> {
  const work = await mkdtemp(join(tmpdir(), 'rusta-deb-'));
  try {
    const control = `Package: ${name}\nVersion: 1.0\nArchitecture: all\nMaintainer: nobody <nobody@localhost>\nDescription: for a test\n`;
    const all = { ...files, 'DEBIAN/control': control, 'DEBIAN/postinst': `#!/bin/sh\n${afterInstall}\n` };
    for (const [path, content] of Object.entries(all)) {
      await mkdir(dirname(join(work, path)), { recursive: true });
      await writeFile(join(work, path), content);
      await chmod(join(work, path), path === 'DEBIAN/control' ? 0o644 : 0o755);
    }
    await output(['dpkg-deb', '--root-owner-group', '--build', work, `${work}.deb`]);
    return await Bun.file(`${work}.deb`).bytes();
  } finally {
    await rm(work, { recursive: true, force: true });
    await rm(`${work}.deb`, { force: true });
  }
}
