import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { commands, readState } from '../state.ts';

setDefaultTimeout(30_000);
let mac: Mac;
let key: string;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab', { running: true });
  key = join(mac.home, '.ssh/id_ed25519');
  mkdirSync(join(mac.home, '.ssh'));
});
afterEach(() => mac[Symbol.asyncDispose]());

const makeKey = (passphrase: string) => mac.run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', key]);
const authorized = () => readFileSync(join(mac.vm('lab').guest, 'home/admin/.ssh/authorized_keys'), 'utf8');
/** An ssh agent that holds the key. */
function agent(): { readonly SSH_AUTH_SOCK: string } {
  const SSH_AUTH_SOCK = join(mac.root, 'agent');
  writeFileSync(SSH_AUTH_SOCK, readFileSync(`${key}.pub`));
  return { SSH_AUTH_SOCK };
}
const setup = (env: Record<string, string> = {}) => mac.rusta(['docker-setup', 'lab'], { env });
const ssh = (env: Record<string, string> = {}) => mac.rusta(['ssh', 'lab', '--', 'echo', 'in'], { env });
const TROUBLE = 'has a passphrase and no ssh agent holds it';

describe('a key with a passphrase that nobody would type', () => {
  beforeEach(() => makeKey('a b'));

  test('docker-setup does all the rest with the password, and ends with 1 and the next command; so does a second run', async () => {
    for (let run = 0; run < 2; run += 1) {
      const { code, stdout, stderr } = await setup();
      expect(code).toBe(1);
      expect(stderr).toEndWith(
        `[error] Docker is set up in VM 'lab', but the alias and the context 'docker-lab' cannot be used: ${key} ${TROUBLE}\nRun 'ssh-add ${key}', then 'rusta docker-setup lab' again.\n`,
      );
      expect(stdout).not.toContain('is ready');
      expect(stdout).toContain(run === 0 ? '[ok] Docker context docker-lab' : '[skip] Docker context docker-lab already exists');
      expect(readState(mac)).toContain('docker = true');
      expect(readState(mac)).not.toContain('key = true');
      expect(authorized().trim().split('\n')).toHaveLength(1);
    }
    expect(await ssh()).toMatchObject({ code: 0, stdout: 'in\n', stderr: '' });
  });

  test('a VM that docker-setup booted is shut down before the error, cleanly', async () => {
    expect((await mac.rusta(['down', 'lab'])).code).toBe(0);
    const { code, stderr, stdout } = await setup();
    expect(code).toBe(1);
    expect(stderr).toContain(TROUBLE);
    expect(stderr).not.toContain("Stopping VM 'lab'");
    expect(stdout).toContain("Shutting VM 'lab' down again");
    expect(mac.vm('lab').isRunning).toBe(false);
  });

  test('with an agent that holds it all is as with a bare one', async () => {
    const env = agent();
    expect(await setup(env)).toMatchObject({ code: 0, stdout: expect.stringContaining("Docker on VM 'lab' is ready") });
    expect(readState(mac)).toContain('key = true');
    mac.configure({ password: 'changed' });
    expect(await ssh(env)).toMatchObject({ code: 0, stdout: 'in\n', stderr: '' });
  });

  test('an agent that holds another key does not help', async () => {
    const SSH_AUTH_SOCK = join(mac.root, 'agent');
    writeFileSync(SSH_AUTH_SOCK, 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHNvbWVib2R5 other\n');
    expect(await setup({ SSH_AUTH_SOCK })).toMatchObject({ code: 1, stderr: expect.stringContaining(TROUBLE) });
  });
});

describe('a key that served and was protected or lost later', () => {
  beforeEach(async () => {
    expect(await setup()).toMatchObject({ code: 0 });
    expect(readState(mac)).toContain('key = true');
  });
  /** The same key, as \`ssh-keygen -p\` leaves it. */
  const protect = () => writeFileSync(key, readFileSync(key, 'utf8').replace('AAAABG5vbmU', 'AAAACmFlczI1Ni1jdHI'));

  test('is left out, and said; the password serves, in ssh and ssh-copy alike', async () => {
    protect();
    const warning = `[warn] ${key} ${TROUBLE}: logging in with the password. 'ssh-add ${key}' brings the key back.\n`;
    expect(await ssh()).toMatchObject({ code: 0, stdout: 'in\n', stderr: warning });
    expect(await mac.rusta(['ssh-copy', 'lab'])).toMatchObject({ code: 0, stderr: warning });
    expect(await ssh(agent())).toMatchObject({ code: 0, stdout: 'in\n', stderr: '' });
  });

  test('docker-setup again no longer says that logins may use it', async () => {
    protect();
    expect(await setup()).toMatchObject({ code: 1, stderr: expect.stringContaining(TROUBLE) });
    expect(readState(mac)).not.toContain('key = true');
  });

  test('one that is gone is said to be gone', async () => {
    rmSync(key);
    expect(await ssh()).toMatchObject({ code: 0, stderr: expect.stringContaining(`[warn] ${key} is gone: logging in with the password.`) });
  });

  test('no program more is started for a bare one', async () => {
    const before = mac.calls().length;
    await ssh();
    expect(
      mac
        .calls()
        .slice(before)
        .map(({ program }) => program),
    ).not.toContain('ssh-keygen');
  });
});

test('a guest that accepts no keys is not said to be ready', async () => {
  await makeKey('');
  // The second login is the one with the key; the first installs it.
  mac.configure({ faults: [{ program: 'ssh', times: 1, do: 'exit', code: 255, stderr: 'Permission denied (password).\n' }] });
  const { code, stderr } = await setup();
  expect(code).toBe(1);
  expect(stderr).toContain(`cannot be used: the guest does not accept the key ${key}\n`);
  expect(readState(mac)).not.toContain('key = true');
});

test('a protected key without its public half: the way to make it is said', async () => {
  await makeKey('a b');
  rmSync(`${key}.pub`);
  const { code, stderr } = await setup();
  expect(code).toBe(1);
  expect(stderr).toContain(`could not make the public half of ${key}: Load key`);
  expect(stderr).toContain(`ssh-keygen -y -f ${key} > ${key}.pub`);
  expect(existsSync(`${key}.pub`)).toBe(false);
  expect(commands(mac, 'tart')).toEqual(['list --format json']);
});

test('a desktop that wants to be asked instead of the terminal is not heard', async () => {
  expect(await ssh({ SSH_ASKPASS: '/usr/bin/false', SSH_ASKPASS_REQUIRE: 'force' })).toMatchObject({ code: 0, stdout: 'in\n' });
});
