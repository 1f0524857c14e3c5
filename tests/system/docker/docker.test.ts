import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readState } from '../../e2e/state.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { cannotRun, inGuest, lastShutdownWasClean, rustaOk, STEP_MS, TEST_MS } from '../guest.ts';
import { dockerSetup, MINE, onDockerLab, plantSshConfig, sshConfig, wired } from './lab.ts';
import type { DockerSite } from './site.ts';

setDefaultTimeout(TEST_MS);

/** The steps build on one another: each test begins with what the one before left. */
describe.skipIf(cannotRun())('docker-setup with a real engine, sshd and docker CLI (spec 10, item 25)', () => {
  let mac: Mac;
  let site: DockerSite;
  onDockerLab(async (lab) => {
    ({ mac, site } = lab);
    await rustaOk(mac, 'down', 'lab');
    plantSshConfig(mac);
  });
  const config = () => sshConfig(mac);
  const setup = () => dockerSetup(mac);
  const docker = async (...args: string[]) => {
    const { code, stdout, stderr } = await mac.run('docker', ['--context', 'docker-lab', ...args], { timeoutMs: STEP_MS });
    if (code !== 0) throw new Error(`docker ${args.join(' ')} ended with ${code}: ${stderr}`);
    return stdout.trim();
  };
  const engine = () => docker('version', '--format', '{{.Server.Version}}');

  test('on a VM that is off it boots it, sets all up, and shuts it down cleanly', async () => {
    const { code, stdout, stderr } = await setup();
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: expect.stringContaining("Docker on VM 'lab' is ready") });
    expect(stdout).toContain('[ok] Docker context docker-lab: ssh://admin@docker-lab');
    expect(mac.vm('lab').isRunning).toBe(false);
    expect(site.requests).toBe(1);
    expect(readdirSync(join(mac.home, '.ssh')).sort()).toEqual(['config', 'id_ed25519', 'id_ed25519.pub']);
    const modes = ['config', 'id_ed25519', 'id_ed25519.pub'].map((name) => statSync(join(mac.home, '.ssh', name)).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o644]);
    expect(readFileSync(config(), 'utf8')).toEndWith(MINE);
    await rustaOk(mac, 'up', 'lab');
    expect(await lastShutdownWasClean(mac, 'lab')).toBe(true);
  });

  test('the alias logs in without a password, and the context leads through it to the engine', async () => {
    const alias = await mac.run('/usr/bin/ssh', ['-F', config(), '-o', 'BatchMode=yes', 'docker-lab', 'id', '-nG']);
    expect(alias).toMatchObject({ code: 0, stdout: expect.stringMatching(/^admin .*\bdocker\b/), stderr: '' });
    expect(await engine()).toMatch(/^\d+\.\d+/);
    expect(await docker('info', '--format', '{{.Name}}')).toBe('ubuntu');
  });

  test('a container runs, started from the host', async () => {
    await inGuest(
      mac,
      'lab',
      `set -e
root=$(mktemp -d)
for file in /bin/cat $(ldd /bin/cat | grep -o '/[^ ]*'); do
  mkdir -p "$root/$(dirname "$file")" && cp -L "$file" "$root/$file"
done
tar -C "$root" -c . | docker import - tiny`,
    );
    const words = 'sent through the alias\n';
    const run = ['--context', 'docker-lab', 'run', '--rm', '--interactive', '--network', 'none', 'tiny', '/bin/cat'];
    expect(await mac.run('docker', run, { stdin: words, timeoutMs: STEP_MS })).toMatchObject({ code: 0, stdout: words });
  });

  test('a second run changes nothing, on the host or in the guest', async () => {
    const before = await wired(mac);
    expect(before.guest).toMatch(/^ssh-ed25519 \S+ rusta\ndocker\nenabled\nactive\nMainPID=[1-9]\d*\n1\n$/);
    for (let round = 0; round < 2; round += 1) {
      expect(await setup()).toMatchObject({ code: 0 });
      expect(await wired(mac)).toEqual(before);
    }
    expect(site.requests).toBe(1);
    expect(mac.vm('lab').isRunning).toBe(true);
  });

  test('what is not right any more is repaired', async () => {
    const { guest: _, ...before } = await wired(mac);
    await inGuest(
      mac,
      'lab',
      'gpasswd -d admin docker && systemctl disable --now docker.service docker.socket && : > /home/admin/.ssh/authorized_keys',
    );
    await mac.run('docker', ['context', 'update', 'docker-lab', '--docker', 'host=ssh://old@docker-lab']);
    writeFileSync(config(), readFileSync(config(), 'utf8').replace(/HostName 192.*/, 'HostName 192.0.2.1'));
    expect(await setup()).toMatchObject({ code: 0 });
    const { guest, ...after } = await wired(mac);
    expect(after).toEqual(before);
    expect(guest).toMatch(/^ssh-ed25519 \S+ rusta\ndocker\nenabled\nactive\nMainPID=[1-9]\d*\n1\n$/);
    expect(await engine()).toMatch(/^\d+\.\d+/);
    expect(site.requests).toBe(1);

    await mac.run('docker', ['context', 'rm', '--force', 'docker-lab']);
    writeFileSync(config(), MINE);
    expect(await setup()).toMatchObject({ code: 0 });
    expect(await engine()).toMatch(/^\d+\.\d+/);
  });

  test('up follows an address that changed', async () => {
    const before = mac.vm('lab').address ?? '';
    await rustaOk(mac, 'down', 'lab');
    expect((await mac.run('tart', ['set', 'lab', '--random-mac'])).code).toBe(0);
    const up = await rustaOk(mac, 'up', 'lab');
    const after = mac.vm('lab').address ?? '';
    expect(after).not.toBe(before);
    expect(up).toContain(`[ok] SSH alias docker-lab now leads to ${after}`);
    expect(await engine()).toMatch(/^\d+\.\d+/);
    expect(readFileSync(config(), 'utf8')).toEndWith(MINE);
    await rustaOk(mac, 'down', 'lab');
    expect(await rustaOk(mac, 'up', 'lab')).not.toContain('now leads to');
  });

  test("the user's own context of that name is left alone", async () => {
    await mac.run('docker', ['context', 'rm', '--force', 'docker-lab']);
    await mac.run('docker', ['context', 'create', 'docker-lab', '--docker', 'host=ssh://me@work']);
    const { code, stderr } = await setup();
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("'docker-lab' is not rusta's and leads to ssh://me@work"),
    });
    const { stdout } = await mac.run('docker', ['context', 'inspect', 'docker-lab', '--format', '{{.Endpoints.docker.Host}}']);
    expect(stdout).toBe('ssh://me@work\n');
    await mac.run('docker', ['context', 'rm', '--force', 'docker-lab']);
    expect(await setup()).toMatchObject({ code: 0 });
  });

  test('delete removes block and context, and not a byte of what is mine', async () => {
    await rustaOk(mac, 'down', 'lab');
    await mac.run('docker', ['context', 'use', 'docker-lab']);
    await rustaOk(mac, 'delete', 'lab', '--yes');
    expect(readFileSync(config(), 'utf8')).toBe(MINE);
    expect((await mac.run('docker', ['context', 'inspect', 'docker-lab'])).code).not.toBe(0);
    const { stdout } = await mac.run('/usr/bin/ssh', ['-F', config(), '-G', 'docker-lab']);
    expect(stdout).toMatch(/^hostname docker-lab$/m);
    expect((readState(mac) ?? '').trim()).toBe('');
  });
});
