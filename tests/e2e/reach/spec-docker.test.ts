import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { commands, readState } from '../state.ts';
import { dockerSetup, sshConfig } from './helpers/aliases.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab', { running: true });
});
afterEach(() => mac[Symbol.asyncDispose]());

const inspect = async () => {
  const { stdout } = await mac.run('docker', ['context', 'inspect', 'docker-lab']);
  const [context]: [{ Endpoints: { docker: { Host: string } }; Metadata: { Description?: string } }] = JSON.parse(stdout);
  return { host: context.Endpoints.docker.Host, description: context.Metadata.Description };
};
/** What changes something; looks are none of it. */
const docker = () => commands(mac, 'docker').filter((line) => !/^context (?:inspect|ls)|version$/.test(line));

describe('docker-setup (spec 10, item 25)', () => {
  test('installs Docker in the guest and wires the host to it; a second run changes nothing', async () => {
    const first = await dockerSetup(mac);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toContain(`[ok] SSH alias docker-lab: admin@${mac.vm('lab').address}`);
    expect(first.stdout).toContain('[ok] Docker context docker-lab: ssh://admin@docker-lab');
    for (const part of ['docker context use docker-lab', 'pinned to', 'rusta up lab', 'docker run hello-world'])
      expect(first.stdout).toContain(part);
    const block = readFileSync(sshConfig(mac), 'utf8');
    expect(block).toContain(`Host docker-lab\n  HostName ${mac.vm('lab').address}\n`);
    expect(block).toContain('  IdentitiesOnly yes\n  StrictHostKeyChecking no\n');
    expect(statSync(sshConfig(mac)).mode & 0o777).toBe(0o600);
    expect(statSync(join(mac.home, '.ssh/id_ed25519')).mode & 0o777).toBe(0o600);
    expect(await inspect()).toEqual({ host: 'ssh://admin@docker-lab', description: 'Made by rusta' });
    expect(readState(mac)).toContain('key = true');
    const key = readFileSync(join(mac.home, '.ssh/id_ed25519'), 'utf8');
    const authorized = readFileSync(join(mac.vm('lab').guest, 'home/admin/.ssh/authorized_keys'), 'utf8');
    const before = docker().length;

    expect(await dockerSetup(mac)).toMatchObject({ code: 0 });
    expect(readFileSync(sshConfig(mac), 'utf8')).toBe(block);
    expect(readFileSync(join(mac.home, '.ssh/id_ed25519'), 'utf8')).toBe(key);
    expect(readFileSync(join(mac.vm('lab').guest, 'home/admin/.ssh/authorized_keys'), 'utf8')).toBe(authorized);
    expect(docker().slice(before)).toEqual([]);
  });

  test('the next steps begin with what the VM is at the end: still running, or off again', async () => {
    const running = await dockerSetup(mac);
    expect(running.stdout).toContain('\n  1. rusta up lab   (it is running)\n  2. docker context use docker-lab');
    expect(mac.vm('lab').isRunning).toBe(true);
    await mac.rusta(['down', 'lab']);
    const off = await dockerSetup(mac);
    expect(off.stdout).toContain('\n  1. rusta up lab   (it is shut down again)\n  2. docker context use docker-lab');
    expect(mac.vm('lab').isRunning).toBe(false);
  });

  test('afterwards the key is used, also where the password was changed', async () => {
    await dockerSetup(mac);
    mac.configure({ password: 'changed' });
    expect(await mac.rusta(['ssh', 'lab', '--', 'echo', 'in'])).toMatchObject({ code: 0, stdout: 'in\n' });
    expect(mac.calls('ssh').at(-1)?.args).toContain('PubkeyAuthentication=yes');
  });

  test('a context of ours that leads elsewhere is repaired, a missing one made', async () => {
    await dockerSetup(mac);
    await mac.run('docker', ['context', 'update', 'docker-lab', '--docker', 'host=ssh://old@docker-lab']);
    expect(await dockerSetup(mac)).toMatchObject({ code: 0 });
    expect((await inspect()).host).toBe('ssh://admin@docker-lab');
    await mac.run('docker', ['context', 'rm', '-f', 'docker-lab']);
    expect(await dockerSetup(mac)).toMatchObject({ code: 0 });
    expect((await inspect()).host).toBe('ssh://admin@docker-lab');
  });

  test("the user's own entries are left alone, and said", async () => {
    mkdirSync(join(mac.home, '.ssh'));
    writeFileSync(sshConfig(mac), 'Host docker-lab other\n  HostName example.org');
    await mac.run('docker', ['context', 'create', 'docker-lab', '--docker', 'host=ssh://me@elsewhere']);
    const result = await dockerSetup(mac);
    expect(result.code).toBe(0);
    expect(result.stderr).toContain("[warn] ~/.ssh/config has an entry for 'docker-lab' that is not rusta's: it is left as it is");
    expect(result.stderr).toContain(
      "[warn] the docker context 'docker-lab' is not rusta's and leads to ssh://me@elsewhere: it is left as it is",
    );
    expect(readFileSync(sshConfig(mac), 'utf8')).toBe('Host docker-lab other\n  HostName example.org');
    await mac.rusta(['delete', 'lab', '--yes', '--force-running']);
    expect(readFileSync(sshConfig(mac), 'utf8')).toBe('Host docker-lab other\n  HostName example.org');
    expect((await inspect()).host).toBe('ssh://me@elsewhere');
  });

  test('an existing key is used, one without its public half gets it', async () => {
    mkdirSync(join(mac.home, '.ssh'));
    await mac.run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(mac.home, '.ssh/id_ed25519')]);
    const key = readFileSync(join(mac.home, '.ssh/id_ed25519'), 'utf8');
    await mac.run('rm', [join(mac.home, '.ssh/id_ed25519.pub')]);
    expect(await dockerSetup(mac)).toMatchObject({ code: 0 });
    expect(readFileSync(join(mac.home, '.ssh/id_ed25519'), 'utf8')).toBe(key);
    expect(existsSync(join(mac.home, '.ssh/id_ed25519.pub'))).toBe(true);
  });

  test('a public key without its private half is not replaced', async () => {
    mkdirSync(join(mac.home, '.ssh'));
    writeFileSync(join(mac.home, '.ssh/id_ed25519.pub'), 'precious');
    expect(await dockerSetup(mac)).toMatchObject({ code: 1, stderr: expect.stringContaining('exists without its private half') });
    expect(readFileSync(join(mac.home, '.ssh/id_ed25519.pub'), 'utf8')).toBe('precious');
  });

  test.each([
    ['a failing download', [{ program: 'guest:curl', do: 'exit', code: 22, stderr: 'curl: (22) 404' }], 'curl: (22) 404'],
    ['a script that installs nothing', [{ program: 'guest:curl', do: 'exit', code: 0 }], 'there is no docker'],
  ] as const)('%s is a failure, and nothing is wired', async (_, faults, said) => {
    mac.configure({ faults });
    const result = await dockerSetup(mac);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("[error] Docker could not be set up in VM 'lab'");
    expect(result.stderr).toContain(said);
    expect(existsSync(sshConfig(mac))).toBe(false);
    expect(docker()).toEqual([]);
    mac.configure({ faults: [] });
    expect(await dockerSetup(mac)).toMatchObject({ code: 0 });
  });

  test('the docker CLI is installed on the host if it is missing', async () => {
    mac.without('docker');
    const result = await dockerSetup(mac);
    expect(result).toMatchObject({ code: 0 });
    expect(result.stdout).toStartWith('==> Installing docker with Homebrew (docker)\n');
  });

  test('another login is used throughout', async () => {
    mac.configure({ user: 'dev', password: 'secret-word' });
    await mac.addVm('dev-vm', { running: true });
    const result = await mac.rusta(['docker-setup', 'dev-vm', '--user', 'dev', '--password', 'secret-word', '--verbose']);
    expect(result).toMatchObject({ code: 0 });
    expect(readFileSync(sshConfig(mac), 'utf8')).toContain('  User dev\n');
    expect(result.stdout + result.stderr + JSON.stringify(mac.calls().map(({ args }) => args))).not.toContain('secret-word');
  });
});
