import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = [
  ...['etc/NetworkManager/conf.d', 'etc/apt/apt.conf.d', 'etc/apt/sources.list.d', 'etc/ssh/sshd_config.d', 'etc/systemd/system'],
  ...['home', 'root', 'tmp', 'run', 'srv', 'opt', 'mnt', 'usr/bin', 'usr/sbin', 'usr/local/bin', 'usr/local/sbin', 'usr/share'],
  ...['var/log', 'var/cache/apt/archives', 'var/lib/apt/lists/partial', 'var/lib/dpkg/info'],
];

/** A fresh Ubuntu image; what it can run is in the folder of tools.ts, for all guests at once. */
export function createSkeleton(root: string, user: string): void {
  for (const folder of FOLDERS) mkdirSync(join(root, folder), { recursive: true });
  mkdirSync(join(root, 'home', 'admin'), { recursive: true });
  mkdirSync(join(root, 'home', user), { recursive: true });
  symlinkSync('usr/bin', join(root, 'bin'));
  symlinkSync('usr/sbin', join(root, 'sbin'));
  symlinkSync('../run', join(root, 'var/run'));
  const users = [...new Set(['admin', user])];
  const lines = users.map((name, at) => `${name}:x:${1000 + at}:${1000 + at}:${name}:/home/${name}:/bin/bash`);
  writeFileSync(join(root, 'etc/passwd'), ['root:x:0:0:root:/root:/bin/bash', ...lines, ''].join('\n'));
  writeFileSync(
    join(root, 'etc/group'),
    ['root:x:0:', `sudo:x:27:${users.join(',')}`, ...users.map((name, at) => `${name}:x:${1000 + at}:`), ''].join('\n'),
  );
  writeFileSync(join(root, 'etc/hostname'), 'ubuntu\n');
  writeFileSync(join(root, 'etc/os-release'), 'NAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\nVERSION_CODENAME=noble\n');
  writeFileSync(join(root, 'var/lib/dpkg/lock-frontend'), '');
}

/** A program that a package brings: the stand-in under another name. There already: nothing. */
export function addProgram(root: string, standin: string, name: string): void {
  const path = join(root, 'usr/local/bin', name);
  if (!existsSync(path)) symlinkSync(standin, path);
}
