import { afterAll, beforeAll, expect } from 'bun:test';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readState } from '../../e2e/state.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { inGuest, rustaOk, STEP_MS, systemMac, TEST_MS } from '../guest.ts';
import { addDockerVm, type DockerSite, INSTALLER, page } from './site.ts';

/** The user's own ssh config. */
export const MINE =
  '# mine\nHost work\n  HostName work.example.org\nHost *\n  User somebody\n  PasswordAuthentication no\n  # no final newline';

/** A Mac with a VM `lab` on which docker-setup is run. */
export interface DockerLab extends AsyncDisposable {
  readonly mac: Mac;
  readonly site: DockerSite;
}

/** One lab for the tests around: `ready` gets it before the first, and after the last it goes. */
export function onDockerLab(ready: (lab: DockerLab) => void | Promise<void>): void {
  let lab: DockerLab | undefined;
  beforeAll(async () => {
    lab = await dockerLab();
    await ready(lab);
  }, TEST_MS);
  afterAll(() => lab?.[Symbol.asyncDispose]());
}

/** Boots the VM, which then trusts the site. */
async function dockerLab(): Promise<DockerLab> {
  await using stack = new AsyncDisposableStack();
  const mac = stack.use(await systemMac());
  const site = stack.use(await addDockerVm(mac, 'lab'));
  const owned = stack.move();
  return { mac, site, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

export const dockerSetup = (mac: Mac) => mac.rusta(['docker-setup', 'lab'], { timeoutMs: STEP_MS });

export const sshConfig = (mac: Mac) => join(mac.home, '.ssh/config');

/** Writes MINE as the ssh config. */
export function plantSshConfig(mac: Mac): void {
  mkdirSync(join(mac.home, '.ssh'), { mode: 0o700 });
  writeFileSync(sshConfig(mac), MINE, { mode: 0o644 });
}

/** What a run may change, where it should not. */
export const wired = async (mac: Mac) => ({
  config: readFileSync(sshConfig(mac), 'utf8'),
  key: readFileSync(join(mac.home, '.ssh/id_ed25519'), 'utf8'),
  context: (await mac.run('docker', ['context', 'inspect', 'docker-lab'])).stdout,
  state: readState(mac),
  guest: await inGuest(
    mac,
    'lab',
    `cat /home/admin/.ssh/authorized_keys
id -nG admin | tr ' ' '\\n' | grep -x docker
systemctl is-enabled docker && systemctl is-active docker && systemctl show -p MainPID docker
grep -c . /home/admin/.ssh/authorized_keys`,
  ),
});

export async function nothingIsWired(mac: Mac): Promise<void> {
  expect(existsSync(sshConfig(mac))).toBe(false);
  expect((await mac.run('docker', ['context', 'inspect', 'docker-lab'])).code).not.toBe(0);
}

/** Undoes on the host what docker-setup does there. */
export function unwire(mac: Mac): void {
  rmSync(sshConfig(mac), { force: true });
  rmSync(join(mac.home, '.docker'), { recursive: true, force: true });
}

/** Takes Docker from the guest; the site has a good installer again. */
export async function removeDocker({ mac, site }: Pick<DockerLab, 'mac' | 'site'>): Promise<void> {
  site.answer(page(INSTALLER));
  await inGuest(
    mac,
    'lab',
    'dpkg --purge docker.io containerd runc > /dev/null 2>&1; gpasswd -d admin docker; rm -rf /etc/docker; ! command -v docker',
  );
}

export async function dockerIsInstalled(mac: Mac): Promise<void> {
  expect(await rustaOk(mac, 'ssh', 'lab', '--', 'dpkg --audit; systemctl is-active docker; id -nG | grep -wo docker')).toBe(
    'active\ndocker\n',
  );
}
