import { existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Share } from '../../guest.ts';
import { err } from '../../standin/io.ts';
import type { Program } from '../../standin/programs.ts';
import { guestPlace } from '../environment.ts';

/** Links play mounts: so much of it as a folder can. What is read-only stays writable. */
interface Mounts {
  readonly shares: readonly Share[];
  /** Where something is mounted in this boot. */
  readonly at: readonly string[];
}

const fileOf = (root: string) => join(dirname(root), 'mounts.json');
const read = (): Mounts => JSON.parse(readFileSync(fileOf(guestPlace().root), 'utf8'));

/** Each boot begins with nothing mounted. */
export const beginMounts = (vmFolder: string, shares: readonly Share[]): void =>
  writeFileSync(join(vmFolder, 'mounts.json'), JSON.stringify({ shares, at: [] } satisfies Mounts));

function mounted(place: string): void {
  const mounts = read();
  writeFileSync(fileOf(guestPlace().root), JSON.stringify({ ...mounts, at: [...mounts.at, resolve(place)] } satisfies Mounts));
}

function link(target: string, place: string): void {
  rmSync(place, { recursive: lstatSync(place).isDirectory(), force: true });
  symlinkSync(target, place);
}

/** `mount -t virtiofs <tag> <folder>`, `mount --bind <folder> <folder>` */
export const mount: Program = ({ args }) => {
  const [source = '', place = ''] = args.slice(-2);
  if (!existsSync(place)) {
    err(`mount: ${place}: mount point does not exist.`);
    return 32;
  }
  if (args.includes('--bind')) {
    link(realpathSync(source), place);
    mounted(place);
    return 0;
  }
  if (!args.includes('virtiofs')) return 0;
  const shares = read().shares.filter(({ tag }) => tag === source);
  if (shares.length === 0) {
    err(`mount: ${place}: wrong fs type, bad option, bad superblock on ${source}, missing codepage or helper program, or other error.`);
    return 32;
  }
  for (const { name, path } of shares) {
    if (name === undefined) link(path, place);
    else {
      mkdirSync(place, { recursive: true });
      rmSync(join(place, name), { force: true });
      symlinkSync(path, join(place, name));
    }
  }
  mounted(place);
  return 0;
};

export const mountpoint: Program = ({ args }) => (read().at.includes(resolve(args.at(-1) ?? '')) ? 0 : 32);
