import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { RUSTA, SIGNAL_CODES, SIGNALS } from '../rusta.ts';
import { commands } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

/** Files of the user's ~/.ssh: name to mode. */
function keys(files: Record<string, number>): void {
  mkdirSync(join(mac.home, '.ssh'), { mode: 0o700 });
  for (const [name, mode] of Object.entries(files)) {
    writeFileSync(join(mac.home, '.ssh', name), `content of ${name}\n`);
    chmodSync(join(mac.home, '.ssh', name), mode);
  }
}
const guestHome = () => join(mac.vm('lab').guest, 'home/admin/.ssh');
const modes = () =>
  Object.fromEntries(readdirSync(guestHome()).map((name) => [name, (statSync(join(guestHome(), name)).mode & 0o777).toString(8)]));

describe('ssh-copy (spec 10, item 24)', () => {
  test('copies keys with the right permissions, as often as you like, and nothing else', async () => {
    keys({ id_ed25519: 0o644, 'id_ed25519.pub': 0o600, 'cloud.pem': 0o640, config: 0o600, known_hosts: 0o600, authorized_keys: 0o600 });
    await mac.addVm('lab', { running: true });
    mkdirSync(guestHome(), { recursive: true });
    writeFileSync(join(guestHome(), 'authorized_keys'), 'mine\n');
    chmodSync(join(guestHome(), 'authorized_keys'), 0o640);
    for (let round = 0; round < 2; round += 1) {
      const result = await mac.rusta(['ssh-copy', 'lab']);
      expect(result).toMatchObject({ code: 0, stderr: '' });
      expect(result.stdout).toBe(
        "==> Copying cloud.pem, id_ed25519, id_ed25519.pub\n[ok] SSH configuration copied to VM 'lab': cloud.pem, id_ed25519, id_ed25519.pub\n",
      );
      expect(modes()).toEqual({ 'cloud.pem': '600', id_ed25519: '600', 'id_ed25519.pub': '644', authorized_keys: '640' });
      expect((statSync(guestHome()).mode & 0o777).toString(8)).toBe('700');
      expect(readFileSync(join(guestHome(), 'id_ed25519'), 'utf8')).toBe('content of id_ed25519\n');
      expect(readFileSync(join(guestHome(), 'authorized_keys'), 'utf8')).toBe('mine\n');
    }
    expect(mac.vm('lab').isRunning).toBe(true);
  });

  test('names with spaces, dashes and quotes arrive as they are', async () => {
    keys({ "id_it's mine": 0o600, 'id_a b.pub': 0o644, '-x.pem': 0o600, 'id_$(touch x)': 0o600, 'id_a:b': 0o600 });
    await mac.addVm('lab', { running: true });
    expect(await mac.rusta(['ssh-copy', 'lab'])).toMatchObject({ code: 0, stderr: '' });
    expect(modes()).toEqual({ '-x.pem': '600', 'id_$(touch x)': '600', 'id_a b.pub': '644', 'id_a:b': '600', "id_it's mine": '600' });
  });

  test('what is no file is left out with a warning', async () => {
    keys({ id_ok: 0o600 });
    mkdirSync(join(mac.home, '.ssh/id_folder'));
    symlinkSync('/nowhere', join(mac.home, '.ssh/id_link'));
    await mac.addVm('lab', { running: true });
    const result = await mac.rusta(['ssh-copy', 'lab']);
    expect(result.code).toBe(0);
    expect(result.stderr).toBe('[warn] leaving out id_folder: it is not a file\n[warn] leaving out id_link: it cannot be read\n');
    expect(Object.keys(modes())).toEqual(['id_ok']);
  });

  test('a VM that is off is booted and shut down again', async () => {
    keys({ id_ed25519: 0o600 });
    await mac.addVm('lab');
    const result = await mac.rusta(['ssh-copy', 'lab']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toStartWith("==> Starting VM 'lab' for this\n");
    expect(result.stdout).toEndWith("==> Shutting VM 'lab' down again\n");
    expect(mac.vm('lab').isRunning).toBe(false);
    expect(commands(mac, 'tart')).toContain('exec lab sudo shutdown -h now');
    expect(Object.keys(modes())).toEqual(['id_ed25519']);
  });

  test('when the SSH server comes after the agent, then the copy waits for it', async () => {
    keys({ id_ed25519: 0o600 });
    mac.configure({ timing: { ssh: 500 } });
    await mac.addVm('lab');
    expect(await mac.rusta(['ssh-copy', 'lab'])).toMatchObject({ code: 0, stderr: '' });
    expect(Object.keys(modes())).toEqual(['id_ed25519']);
  });

  test('when nobody answers on the port but ssh gets through, then that is enough: nobody knocks without a login', async () => {
    keys({ id_ed25519: 0o600 });
    await mac.addVm('lab');
    const unheard = { RUSTA_SSH_PORT: '1', RUSTA_SSH_TIMEOUT: '2' };
    expect(await mac.rusta(['ssh-copy', 'lab'], { env: unheard })).toMatchObject({ code: 0, stderr: '' });
    expect(mac.vm('lab').isRunning).toBe(false);
  });

  test('when the SSH server never comes, then the last answer is told, and a VM booted for it is stopped', async () => {
    keys({ id_ed25519: 0o600 });
    mac.configure({ behavior: { ssh: 'never' } });
    await mac.addVm('lab');
    const result = await mac.rusta(['ssh-copy', 'lab'], { env: { RUSTA_SSH_TIMEOUT: '1' } });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(
      /\[error\] waited \d+ s for the SSH server of VM 'lab'; last answer: Connection refused \(127\.[\d.]+:\d+\)/,
    );
    expect(mac.vm('lab').isRunning).toBe(false);
  });

  test('nothing to copy is a skip, and boots nothing', async () => {
    keys({ config: 0o600 });
    await mac.addVm('lab');
    expect(await mac.rusta(['ssh-copy', 'lab'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\[skip\] no id_\* or \*\.pem files in /),
    });
    expect(commands(mac, 'tart')).toEqual(['list --format json']);
  });

  test('without ~/.ssh it ends with 1', async () => {
    await mac.addVm('lab');
    expect(await mac.rusta(['ssh-copy', 'lab'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('.ssh does not exist'),
    });
  });

  test('a refused password is told, and a VM booted for it is stopped', async () => {
    keys({ id_ed25519: 0o600 });
    await mac.addVm('lab');
    const result = await mac.rusta(['ssh-copy', 'lab', '--password', 'wrong']);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(
      "[error] VM 'lab' refused the password of user 'admin'\nName the right ones with --user and --password.",
    );
    expect(mac.vm('lab').isRunning).toBe(false);
  });

  test.each(SIGNALS)('%s while it works stops only a VM that it booted', async (signal) => {
    keys({ id_ed25519: 0o600 });
    await mac.addVm('lab');
    mac.configure({ faults: [{ program: 'scp', do: 'hang' }] });
    const copy = mac.start(RUSTA, ['ssh-copy', 'lab']);
    await copy.waitFor('Copying id_ed25519');
    copy.kill(signal);
    expect((await copy.exited).code).toBe(SIGNAL_CODES[signal]);
    expect(mac.vm('lab').isRunning).toBe(false);
  });
});

test('create --ssh-copy-keys copies them when the VM is ready (spec 10, item 7)', async () => {
  keys({ id_ed25519: 0o600 });
  const result = await mac.rusta(['create', 'lab', '--ssh-copy-keys']);
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(result.stdout).toContain("[ok] VM 'lab' is ready");
  expect(result.stdout).toContain("[ok] SSH configuration copied to VM 'lab': id_ed25519\n==> Shutting VM 'lab' down again\n");
  expect(mac.vm('lab').isRunning).toBe(false);
  expect(existsSync(join(guestHome(), 'id_ed25519'))).toBe(true);
});
