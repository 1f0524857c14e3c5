import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { commands, readState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab', { running: true });
});
afterEach(() => mac[Symbol.asyncDispose]());

const config = () => join(mac.home, '.ssh/config');
const setup = (...more: string[]) => mac.rusta(['docker-setup', 'lab', ...more]);
const inspect = async () => {
  const { stdout } = await mac.run('docker', ['context', 'inspect', 'docker-lab']);
  const [context]: [{ Endpoints: { docker: { Host: string } }; Metadata: { Description?: string } }] = JSON.parse(stdout);
  return { host: context.Endpoints.docker.Host, description: context.Metadata.Description };
};
/** What changes something; looks are none of it. */
const docker = () => commands(mac, 'docker').filter((line) => !/^context (?:inspect|ls)|version$/.test(line));

describe('docker-setup (spec 10, item 25)', () => {
  test('installs Docker in the guest and wires the host to it; a second run changes nothing', async () => {
    const first = await setup();
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toContain(`[ok] SSH alias docker-lab: admin@${mac.vm('lab').address}`);
    expect(first.stdout).toContain('[ok] Docker context docker-lab: ssh://admin@docker-lab');
    for (const part of ['docker context use docker-lab', 'pinned to', 'rusta up lab', 'docker run hello-world'])
      expect(first.stdout).toContain(part);
    const block = readFileSync(config(), 'utf8');
    expect(block).toContain(`Host docker-lab\n  HostName ${mac.vm('lab').address}\n`);
    expect(block).toContain('  IdentitiesOnly yes\n  StrictHostKeyChecking no\n');
    expect(statSync(config()).mode & 0o777).toBe(0o600);
    expect(statSync(join(mac.home, '.ssh/id_ed25519')).mode & 0o777).toBe(0o600);
    expect(await inspect()).toEqual({ host: 'ssh://admin@docker-lab', description: 'Made by rusta' });
    expect(readState(mac)).toContain('key = true');
    const key = readFileSync(join(mac.home, '.ssh/id_ed25519'), 'utf8');
    const authorized = readFileSync(join(mac.vm('lab').guest, 'home/admin/.ssh/authorized_keys'), 'utf8');
    const before = docker().length;

    expect(await setup()).toMatchObject({ code: 0 });
    expect(readFileSync(config(), 'utf8')).toBe(block);
    expect(readFileSync(join(mac.home, '.ssh/id_ed25519'), 'utf8')).toBe(key);
    expect(readFileSync(join(mac.vm('lab').guest, 'home/admin/.ssh/authorized_keys'), 'utf8')).toBe(authorized);
    expect(docker().slice(before)).toEqual([]);
  });

  test('the next steps begin with what the VM is at the end: still running, or off again', async () => {
    const running = await setup();
    expect(running.stdout).toContain('\n  1. rusta up lab   (it is running)\n  2. docker context use docker-lab');
    expect(mac.vm('lab').isRunning).toBe(true);
    await mac.rusta(['down', 'lab']);
    const off = await setup();
    expect(off.stdout).toContain('\n  1. rusta up lab   (it is shut down again)\n  2. docker context use docker-lab');
    expect(mac.vm('lab').isRunning).toBe(false);
  });

  test('afterwards the key is used, also where the password was changed', async () => {
    await setup();
    mac.configure({ password: 'changed' });
    expect(await mac.rusta(['ssh', 'lab', '--', 'echo', 'in'])).toMatchObject({ code: 0, stdout: 'in\n' });
    expect(mac.calls('ssh').at(-1)?.args).toContain('PubkeyAuthentication=yes');
  });

  test('a context of ours that leads elsewhere is repaired, a missing one made', async () => {
    await setup();
    await mac.run('docker', ['context', 'update', 'docker-lab', '--docker', 'host=ssh://old@docker-lab']);
    expect(await setup()).toMatchObject({ code: 0 });
    expect((await inspect()).host).toBe('ssh://admin@docker-lab');
    await mac.run('docker', ['context', 'rm', '-f', 'docker-lab']);
    expect(await setup()).toMatchObject({ code: 0 });
    expect((await inspect()).host).toBe('ssh://admin@docker-lab');
  });

  test("the user's own entries are left alone, and said", async () => {
    mkdirSync(join(mac.home, '.ssh'));
    writeFileSync(config(), 'Host docker-lab other\n  HostName example.org');
    await mac.run('docker', ['context', 'create', 'docker-lab', '--docker', 'host=ssh://me@elsewhere']);
    const result = await setup();
    expect(result.code).toBe(0);
    expect(result.stderr).toContain("[warn] ~/.ssh/config has an entry for 'docker-lab' that is not rusta's: it is left as it is");
    expect(result.stderr).toContain(
      "[warn] the docker context 'docker-lab' is not rusta's and leads to ssh://me@elsewhere: it is left as it is",
    );
    expect(readFileSync(config(), 'utf8')).toBe('Host docker-lab other\n  HostName example.org');
    await mac.rusta(['delete', 'lab', '--yes', '--force-running']);
    expect(readFileSync(config(), 'utf8')).toBe('Host docker-lab other\n  HostName example.org');
    expect((await inspect()).host).toBe('ssh://me@elsewhere');
  });

  test('an existing key is used, one without its public half gets it', async () => {
    mkdirSync(join(mac.home, '.ssh'));
    await mac.run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(mac.home, '.ssh/id_ed25519')]);
    const key = readFileSync(join(mac.home, '.ssh/id_ed25519'), 'utf8');
    await mac.run('rm', [join(mac.home, '.ssh/id_ed25519.pub')]);
    expect(await setup()).toMatchObject({ code: 0 });
    expect(readFileSync(join(mac.home, '.ssh/id_ed25519'), 'utf8')).toBe(key);
    expect(existsSync(join(mac.home, '.ssh/id_ed25519.pub'))).toBe(true);
  });

  test('a public key without its private half is not replaced', async () => {
    mkdirSync(join(mac.home, '.ssh'));
    writeFileSync(join(mac.home, '.ssh/id_ed25519.pub'), 'precious');
    expect(await setup()).toMatchObject({ code: 1, stderr: expect.stringContaining('exists without its private half') });
    expect(readFileSync(join(mac.home, '.ssh/id_ed25519.pub'), 'utf8')).toBe('precious');
  });

  test.each([
    ['a failing download', [{ program: 'guest:curl', do: 'exit', code: 22, stderr: 'curl: (22) 404' }], 'curl: (22) 404'],
    ['a script that installs nothing', [{ program: 'guest:curl', do: 'exit', code: 0 }], 'there is no docker'],
  ] as const)('%s is a failure, and nothing is wired', async (_, faults, said) => {
    mac.configure({ faults });
    const result = await setup();
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("[error] Docker could not be set up in VM 'lab'");
    expect(result.stderr).toContain(said);
    expect(existsSync(config())).toBe(false);
    expect(docker()).toEqual([]);
    mac.configure({ faults: [] });
    expect(await setup()).toMatchObject({ code: 0 });
  });

  test('the docker CLI is installed on the host if it is missing', async () => {
    mac.without('docker');
    const result = await setup();
    expect(result).toMatchObject({ code: 0 });
    expect(result.stdout).toStartWith('==> Installing docker with Homebrew (docker)\n');
  });

  test('another login is used throughout', async () => {
    mac.configure({ user: 'dev', password: 'secret-word' });
    await mac.addVm('dev-vm', { running: true });
    const result = await mac.rusta(['docker-setup', 'dev-vm', '--user', 'dev', '--password', 'secret-word', '--verbose']);
    expect(result).toMatchObject({ code: 0 });
    expect(readFileSync(config(), 'utf8')).toContain('  User dev\n');
    expect(result.stdout + result.stderr + JSON.stringify(mac.calls().map(({ args }) => args))).not.toContain('secret-word');
  });
});

test('up follows an address that changed, in our block alone', async () => {
  mkdirSync(join(mac.home, '.ssh'));
  writeFileSync(config(), 'Host *\n  User bob\n');
  await setup();
  await mac.rusta(['down', 'lab']);
  const before = readFileSync(config(), 'utf8');
  writeFileSync(config(), before.replace(/HostName .*/, 'HostName 192.0.2.99'));
  const up = await mac.rusta(['up', 'lab']);
  expect(up.stdout).toContain(`[ok] SSH alias docker-lab now leads to ${mac.vm('lab').address}`);
  expect(readFileSync(config(), 'utf8')).toBe(before);
});

test('delete removes block and context, and leaves every other byte', async () => {
  const mine = '# mine\r\nHost *\n  User bob\n\n  # no final newline';
  mkdirSync(join(mac.home, '.ssh'));
  writeFileSync(config(), mine);
  await setup();
  expect(readFileSync(config(), 'utf8')).not.toBe(mine);
  expect(await mac.rusta(['delete', 'lab', '--yes', '--force-running'])).toMatchObject({ code: 0 });
  expect(readFileSync(config(), 'utf8')).toBe(mine);
  expect((await mac.run('docker', ['context', 'inspect', 'docker-lab'])).code).not.toBe(0);
});

describe('~/.ssh/config as a file', () => {
  const mine = 'Host a\n  HostName a.example\n';
  const prepare = (mode: number) => {
    mkdirSync(join(mac.home, '.ssh'));
    writeFileSync(config(), mine);
    chmodSync(config(), mode);
  };

  test.each([0o644, 0o600, 0o400, 0o444])('mode %o becomes 600, and what was there stays', async (mode) => {
    prepare(mode);
    expect(await setup()).toMatchObject({ code: 0 });
    expect(statSync(config()).mode & 0o777).toBe(0o600);
    expect(readFileSync(config(), 'utf8')).toEndWith(mine);
  });

  test('a link into a folder of dotfiles stays a link', async () => {
    mkdirSync(join(mac.home, '.ssh'));
    mkdirSync(join(mac.home, 'dotfiles'));
    writeFileSync(join(mac.home, 'dotfiles/ssh-config'), mine);
    symlinkSync('../dotfiles/ssh-config', config());
    expect(await setup()).toMatchObject({ code: 0 });
    expect(lstatSync(config()).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(mac.home, 'dotfiles/ssh-config'), 'utf8')).toContain('Host docker-lab\n');
    await mac.rusta(['delete', 'lab', '--yes', '--force-running']);
    expect(readFileSync(join(mac.home, 'dotfiles/ssh-config'), 'utf8')).toBe(mine);
  });
});
