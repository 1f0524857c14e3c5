import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mac } from '../../sandbox/mac.ts';
import { cannotRun, lastShutdownWasClean, rustaOk, STEP_MS, systemMac, TEST_MS } from '../guest.ts';

setDefaultTimeout(TEST_MS);
/** Name to mode on the host; odd names are somebody's everyday names. */
const KEYS = {
  '-dash first.pem': 0o600,
  'cloud.pem': 0o644,
  'id_$(touch oops)': 0o600,
  id_ed25519: 0o644,
  'id_ed25519.pub': 0o600,
  'id_it\'s "mine"': 0o600,
  'id_ünï:code.pub': 0o644,
} as const;
/** As `stat` in the guest tells them. */
const COPIED = [
  '600 admin -dash first.pem',
  '600 admin cloud.pem',
  '600 admin id_$(touch oops)',
  '600 admin id_ed25519',
  '644 admin id_ed25519.pub',
  '600 admin id_it\'s "mine"',
  '644 admin id_ünï:code.pub',
];

/** The steps build on one another. */
describe.skipIf(cannotRun())('7, 24: ssh-copy with the real scp and sshd', () => {
  let mac: Mac;
  beforeAll(async () => {
    mac = await systemMac();
    const folder = join(mac.home, '.ssh');
    mkdirSync(folder, { mode: 0o700 });
    for (const [name, mode] of Object.entries(KEYS)) {
      writeFileSync(join(folder, name), `content of ${name}\n`);
      chmodSync(join(folder, name), mode);
    }
    for (const name of ['config', 'authorized_keys', 'known_hosts', 'notes.txt']) writeFileSync(join(folder, name), '# of the host\n');
  }, TEST_MS);
  afterAll(() => mac?.[Symbol.asyncDispose]());
  const guest = (vm: string, command: string) => rustaOk(mac, 'ssh', vm, '--', command);
  const names = Object.keys(KEYS).join(', ');

  test('create --ssh-copy-keys boots the new VM once more, copies, and shuts it down', async () => {
    const said = await rustaOk(mac, 'create', 'made', '--ssh-copy-keys');
    expect(said).toContain(`[ok] SSH configuration copied to VM 'made': ${names}`);
    expect(mac.vm('made').isRunning).toBe(false);
    await rustaOk(mac, 'up', 'made');
    expect(await lastShutdownWasClean(mac, 'made')).toBe(true);
    expect(await files('made')).toEqual(COPIED);
    // A second create changes nothing, nor does it copy.
    writeFileSync(join(mac.home, '.ssh/cloud.pem'), 'another\n');
    expect((await mac.rusta(['create', 'made', '--ssh-copy-keys'])).stdout).toStartWith("[skip] VM 'made' already exists\n");
    expect(await guest('made', 'cat .ssh/cloud.pem')).toBe('content of cloud.pem\n');
    await rustaOk(mac, 'delete', 'made', '--yes', '--force-running');
  });

  test('on a VM that is off: booted, copied, shut down cleanly; twice', async () => {
    await mac.addVm('lab');
    for (let round = 0; round < 2; round += 1) {
      const said = await rustaOk(mac, 'ssh-copy', 'lab');
      expect(said).toContain(`[ok] SSH configuration copied to VM 'lab': ${names}`);
      expect(said).not.toContain('content of');
      expect(mac.vm('lab').isRunning).toBe(false);
    }
    await rustaOk(mac, 'up', 'lab');
    expect(await lastShutdownWasClean(mac, 'lab')).toBe(true);
    expect(await files('lab')).toEqual(COPIED);
    expect(await guest('lab', 'stat -c %a .ssh; ls -A; cat .ssh/-dash*; cat .ssh/id_it*')).toMatch(
      /^700\n(\.\w+\n)+content of -dash first.pem\ncontent of id_it's "mine"\n$/,
    );
  });

  test('on a running VM: it stays on, its own files stay as they are, what was changed is put right', async () => {
    await guest(
      'lab',
      `cd .ssh && echo mine > authorized_keys && echo '# mine' > config && chmod 640 authorized_keys && chmod 604 config &&
       touch -d 2001-01-01 authorized_keys config && echo gone > id_ed25519 && chmod 666 id_ed25519 && chmod 755 .`,
    );
    const own = () => guest('lab', 'cd .ssh && stat -c "%a %Y %n" authorized_keys config && cat authorized_keys config');
    const before = await own();
    for (let round = 0; round < 2; round += 1) {
      const kept = '[warn] the guest had another id_ed25519 of its own: it is kept as id_ed25519.guest\n';
      const copied = await mac.rusta(['ssh-copy', 'lab'], { timeoutMs: STEP_MS });
      expect(copied).toMatchObject({ code: 0, stderr: round === 0 ? kept : '' });
      expect(await own()).toBe(before);
      expect(await guest('lab', 'cat .ssh/id_ed25519.guest')).toBe('gone\n');
      expect((await files('lab')).filter((line) => !/ (authorized_keys|config|id_ed25519\.guest)$/.test(line))).toEqual(COPIED);
      expect(await guest('lab', 'stat -c %a .ssh; cat .ssh/id_ed25519')).toBe('700\ncontent of id_ed25519\n');
    }
    expect(mac.vm('lab').isRunning).toBe(true);
  });

  test('what cannot be copied is named, and the rest arrives', async () => {
    mkdirSync(join(mac.home, '.ssh/id_folder'));
    symlinkSync('/nowhere', join(mac.home, '.ssh/id_gone'));
    const { code, stderr } = await mac.rusta(['ssh-copy', 'lab'], { timeoutMs: STEP_MS });
    expect(code).toBe(0);
    expect(stderr).toContain('[warn] leaving out id_folder: it is not a file');
    expect(stderr).toContain('[warn] leaving out id_gone');
  });

  test('a wrong password is said, and a VM that was booted for it is stopped', async () => {
    await rustaOk(mac, 'down', 'lab');
    const refused = await mac.rusta(['ssh-copy', 'lab', '--password', 'wrong'], { timeoutMs: STEP_MS });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("[error] VM 'lab' refused the password of user 'admin'");
    expect(mac.vm('lab').isRunning).toBe(false);
  });

  /** Mode, owner and name of what is in the guest's ~/.ssh. */
  async function files(vm: string): Promise<string[]> {
    const listed = await guest(vm, 'cd .ssh && find . -mindepth 1 -printf "%m %u %f\\0" | LC_ALL=C sort -z -k 3');
    return listed.split('\0').filter(Boolean);
  }
});
