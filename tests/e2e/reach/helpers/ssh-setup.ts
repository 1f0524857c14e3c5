import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../../sandbox/mac.ts';
import { sshConfig } from './aliases.ts';

/** A Mac with a VM `lab` that runs and has host keys. */
export async function macWithHostKeys(): Promise<Mac> {
  await using stack = new AsyncDisposableStack();
  const mac = stack.use(await createMac());
  await mac.addVm('lab', { running: true });
  giveHostKeys(mac, 'of lab');
  stack.move();
  return mac;
}

function giveHostKeys(mac: Mac, text: string): void {
  const folder = join(mac.vm('lab').guest, 'etc/ssh');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'ssh_host_ed25519_key.pub'), `ssh-ed25519 ${hostKey(text)} root@ubuntu\n`);
  writeFileSync(join(folder, 'ssh_host_ecdsa_key.pub'), `ecdsa-sha2-nistp256 ${hostKey(`${text} too`)} root@ubuntu\n`);
}

export const hostKey = (text: string) => Buffer.from(text.padEnd(30)).toString('base64');
export const knownHosts = (mac: Mac) => join(mac.home, '.local/share/rusta/known_hosts/lab');

export function writeSshConfig(mac: Mac, text: string): void {
  mkdirSync(join(mac.home, '.ssh'), { recursive: true, mode: 0o700 });
  writeFileSync(sshConfig(mac), text);
}
