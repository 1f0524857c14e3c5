import { expect } from 'bun:test';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import type { RunOptions } from '../../sandbox/spawn.ts';

/** One way to spoil a Mac on which all is well, and what a doctor says of it. */
export interface Broken {
  readonly what: string;
  readonly spoil?: (mac: Mac) => void | Promise<void>;
  readonly options?: RunOptions;
  readonly title: string | RegExp;
  readonly command: string | RegExp;
}

export const like = (wanted: string | RegExp) => (typeof wanted === 'string' ? wanted : expect.stringMatching(wanted));

/** A Mac on which all is well: a Tart without known bugs, `lab` runs, `web` is off. */
export async function healthyMac(): Promise<Mac> {
  const mac = await createMac({ knobs: { tartVersion: '2.37.0' } });
  await mac.addVm('web');
  await mac.addVm('lab', { running: true });
  writeFileSync(join(mac.vm('web').guest, 'etc/hostname'), 'web\n');
  return mac;
}

export interface Diagnosis {
  readonly code: number | null;
  readonly titles: readonly string[];
  readonly commands: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `rusta doctor …`, and proves that it changed no file and called nothing that changes anything. */
export async function doctor(mac: Mac, args: readonly string[] = [], options: RunOptions = {}): Promise<Diagnosis> {
  const folders = [mac.home, mac.tartHome];
  const before = folders.map(tree);
  const calls = mac.calls().length;
  const { code, stdout, stderr } = await mac.rusta(['doctor', ...args], { timeoutMs: 60_000, ...options });
  expect(folders.map(tree)).toEqual(before);
  for (const { program, args } of mac.calls().slice(calls)) expect(`${program} ${args.join(' ')}`).toMatch(LOOKS);
  const lines = stdout.split('\n');
  const commands = lines.flatMap((line) => /^ {4}\$ (.*)$/.exec(line)?.[1] ?? []);
  return { code, stdout, stderr, commands, titles: lines.flatMap((line) => /^ {2}(\S.*)$/.exec(line)?.[1] ?? []) };
}

/** All that a doctor may start. */
const LOOKS = new RegExp(
  `^(${[
    ...['tart --version', 'tart list --format json', 'tart ip \\S+', 'tart exec \\S+ sh -c echo "clock=', 'guest:\\S+ .*'],
    ...['uname -m', 'sw_vers -productVersion', 'sysctl -n kern.hv_support', 'launchctl managername', 'df -Pk \\S+', 'brew --version'],
    ...['security show-keychain-info login.keychain', 'route -n get [\\d.]+', 'docker context inspect \\S+', 'ssh -G -- \\S+'],
  ].join('|')})`,
  's',
);

/** Names, kinds, modes and contents below a folder. */
function tree(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      const stats = lstatSync(path);
      const line = `${path} ${stats.mode} ${stats.size}`;
      if (stats.isDirectory()) return [`${path} ${stats.mode}`, ...tree(path)];
      if (stats.isSymbolicLink()) return [`${line} ${readlinkSync(path)}`];
      if (!stats.isFile()) return [line];
      // Disks are sparse and huge: who writes to one changes its time and its blocks.
      if (stats.size > 1_000_000) return [`${line} ${stats.blocks} ${stats.mtimeMs}`];
      return [`${line} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`];
    });
}

/** Puts Tart where Homebrew would have it, installed from this tap. */
export function plantKeg(mac: Mac, tap: string, trust: readonly string[]): void {
  const keg = join(mac.root, 'homebrew/Cellar/tart/2.37.0');
  mkdirSync(join(keg, 'bin'), { recursive: true });
  renameSync(join(mac.bin, 'tart'), join(keg, 'bin/tart'));
  symlinkSync(join(keg, 'bin/tart'), join(mac.bin, 'tart'));
  writeFileSync(join(keg, 'INSTALL_RECEIPT.json'), JSON.stringify({ source: { spec: 'stable', tap } }));
  write(join(mac.home, '.homebrew/trust.json'), JSON.stringify({ trustedformulae: trust }));
}

/** Lets `cat /var/db/dhcpd_leases` tell of so many leases, and go on being `cat` for the rest. */
export function plantLeases(mac: Mac, count: number, secondsLeft = 3_600): void {
  const expires = Math.floor(Date.now() / 1_000) + secondsLeft;
  const lease = (at: number) =>
    `{\n\tname=ubuntu\n\tip_address=192.168.64.${at + 2}\n\thw_address=1,5e:a8:c0:0:0:${at.toString(16)}\n\tlease=0x${expires.toString(16)}\n}\n`;
  const file = join(mac.root, 'dhcpd_leases');
  writeFileSync(file, Array.from({ length: count }, (_, at) => lease(at)).join(''));
  const real = Bun.which('cat', { PATH: '/usr/bin:/bin' });
  writeFileSync(join(mac.bin, 'cat'), `#!/bin/sh\n[ "$1" = /var/db/dhcpd_leases ] && exec ${real} '${file}'\nexec ${real} "$@"\n`, {
    mode: 0o755,
  });
}

/** A program that the guest finds before its own. */
export function plantInGuest(mac: Mac, vm: string, program: string, script: string): void {
  const path = join(mac.vm(vm).guest, 'usr/local/bin', program);
  if (existsSync(path)) renameSync(path, `${path}.real`);
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** Lets the guest say that this is its address, beside docker's. */
export function plantAddress(mac: Mac, vm: string, address: string): void {
  const lines = [`2: enp0s1    inet ${address}/24 scope global enp0s1`, '3: docker0    inet 172.17.0.1/16 scope global docker0'];
  const route = 'default via 192.168.64.1 dev enp0s1 metric 100';
  plantInGuest(mac, vm, 'ip', `case $2 in route) echo '${route}';; *) printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')};; esac`);
}

/** Our block for `docker-<vm>`, as `docker-setup` writes it. */
export function plantAlias(mac: Mac, vm: string, hostName: string): void {
  const alias = `docker-${vm}`;
  const lines = [`# >>> rusta ${alias} >>> changes are lost`, `Host ${alias}`, `  HostName ${hostName}`, '  User admin', 'Match all'];
  const path = join(mac.home, '.ssh/config');
  const old = existsSync(path) ? readFileSync(path, 'utf8') : '';
  write(path, `${[...lines, `# <<< rusta ${alias} <<<`].join('\n')}\n${old}`);
}

/** Our block for `rusta-<vm>`, as `ssh-setup` writes it. */
export function plantSshName(mac: Mac, vm: string, program: string): void {
  const alias = `rusta-${vm}`;
  const lines = [`# >>> rusta ${alias} >>> changes are lost`, `Host ${alias}`, `  ProxyCommand ${program} connect ${vm}`, 'Match all'];
  write(join(mac.home, '.ssh/config'), `${[...lines, `# <<< rusta ${alias} <<<`].join('\n')}\n`);
}

export function plantHostKey(mac: Mac, vm: string, key: string): void {
  write(join(mac.vm(vm).guest, 'etc/ssh/ssh_host_ed25519_key.pub'), `ssh-ed25519 ${key} root@ubuntu\n`);
}

export async function plantContext(mac: Mac, vm: string, host: string): Promise<void> {
  await mac.run('docker', ['context', 'create', `docker-${vm}`, '--description', 'Made by rusta', '--docker', `host=${host}`]);
}

export function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
