import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from '../../sandbox/knobs.ts';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { waitUntil } from '../../sandbox/wait.ts';
import { RUSTA } from '../rusta.ts';
import { ours, readState } from '../state.ts';

setDefaultTimeout(60_000);
let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

const log = () => (existsSync(ours(mac, 'provision/lab.log')) ? readFileSync(ours(mac, 'provision/lab.log'), 'utf8') : '');
const BROKEN: Fault = { program: 'guest:apt-get', args: ['-y'], do: 'exit', code: 100, stderr: 'E: broken\n' };
const FAILED = "provisioning VM 'lab' failed in step 5 of 8, Refreshing the package lists: exit code 100";

describe('whether the script succeeded is known from the file that it leaves', () => {
  test('when tart exec prints nothing, then its exit code is believed', async () => {
    mac.configure({ faults: [{ program: 'tart', args: ['exec', 'lab', 'sh'], do: 'exit', code: 0 }] });
    expect(await mac.rusta(['create', 'lab'])).toMatchObject({ code: 0, stderr: '' });
    mac.configure({ faults: [{ program: 'tart', args: ['exec', 'two', 'sh'], do: 'exit', code: 1 }] });
    expect(await mac.rusta(['create', 'two'])).toMatchObject({ code: 1, stderr: expect.stringContaining("provisioning VM 'two' failed") });
  });

  test('when tart exec loses the exit codes, then what it prints is believed', async () => {
    mac.configure({ behavior: { losesExit: true } });
    expect(await mac.rusta(['create', 'lab'])).toMatchObject({ code: 0, stderr: '' });
    mac.configure({ faults: [BROKEN] });
    const { code, stderr } = await mac.rusta(['create', 'two']);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(FAILED.replace('lab', 'two')) });
  });

  test('when the script cannot be started, then the file of an earlier run says nothing', async () => {
    mac.configure({ faults: [BROKEN] });
    expect((await mac.rusta(['create', 'lab'])).code).toBe(1);
    writeFileSync(join(mac.vm('lab').guest, 'var/log/provision.status'), '0\n');
    mac.configure({ faults: [{ program: 'tart', args: ['exec', 'lab', 'sudo', 'bash'], do: 'exit', stderr: 'Error: no\n' }] });
    const { code, stderr } = await mac.rusta(['create', 'lab', '--resume']);
    expect(code).toBe(1);
    expect(stderr).toContain("provisioning VM 'lab' failed before its first step: the guest went away (Error: no)");
  });
});

describe('when this Mac pauses longer than the script may take', () => {
  /** Ends when the test says so, and shows by a file that it has begun. */
  const slow = { program: 'guest:add-apt-repository', args: [], do: 'hang' } as const;

  test('and the script has ended meanwhile, then create succeeds', async () => {
    const create = mac.start(RUSTA, ['create', 'lab'], { env: { RUSTA_PROVISION_TIMEOUT: '15' } });
    await waitUntil('step 1', () => log().includes('[1/8]'), 20_000);
    create.kill('SIGSTOP');
    await waitUntil('the end of the script', () => existsSync(join(mac.vm('lab').guest, 'var/log/provision.status')), 20_000);
    await Bun.sleep(15_000);
    create.kill('SIGCONT');
    const { code, stderr } = await create.exited;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(log()).toEndWith('>>> Done\n');
    expect(readState(mac)?.trim()).toBe('[vms.lab]\ngui = false');
  });

  test('and the script has not ended, then the timeout holds', async () => {
    mac.configure({ faults: [slow] });
    const { code, stderr } = await mac.rusta(['create', 'lab'], { env: { RUSTA_PROVISION_TIMEOUT: '3' } });
    expect(code).toBe(1);
    expect(stderr).toContain('it did not end within 3 s');
  });
});

test('under --verbose the script is told to show its commands, and not else', async () => {
  await mac.rusta(['create', 'lab']);
  expect(log()).not.toContain('+ systemctl');
  const { stdout } = await mac.rusta(['--verbose', 'create', 'two']);
  expect(stdout).toContain('+ systemctl stop apt-daily.timer\n');
});

test('what the script warns of is a warning of create', async () => {
  mac.configure({ faults: [{ program: 'guest:hostname', do: 'exit' }] });
  const { code, stderr } = await mac.rusta(['create', 'lab']);
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: '[warn] this VM could not be given a hostname, machine id and SSH host keys of its own\n',
  });
});

describe('a private image and a locked keychain', () => {
  const KEYCHAIN = 'Failed to retrieve credentials using Keychain, authentication may fail: status -25308\n';
  const REFUSED = 'Error: AuthFailed(why: "received unexpected HTTP status code 403", details: "DENIED")\n';
  test('what Tart says on stdout is told before what came of it', async () => {
    mac.configure({ faults: [{ program: 'tart', args: ['clone'], do: 'exit', stdout: KEYCHAIN, stderr: REFUSED }] });
    const { code, stderr } = await mac.rusta(['create', 'lab', '--image-ref', 'ghcr.io/acme/private:24.04']);
    expect(code).toBe(1);
    expect(stderr.split('\n').slice(0, 3)).toEqual([
      "[error] VM 'lab' was not created from ghcr.io/acme/private:24.04: the login keychain is locked",
      `  | ${REFUSED.trim()}`,
      "Over ssh, run 'security unlock-keychain' first.",
    ]);
  });
});
