import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { GuestVm } from '../guest.ts';
import { ensureBase } from './base/base.ts';
import { whyUnsupported } from './base/packages.ts';
import { bootUp, createFixture, execute, ssh } from './fixture.ts';

setDefaultTimeout(300_000);
const reason = whyUnsupported();
if (reason) console.warn(`skipped: ${reason}`);

describe.skipIf(reason !== undefined)('a booted system guest', () => {
  let fixture: Awaited<ReturnType<typeof createFixture>>;
  let vm: GuestVm;
  let guest: Awaited<ReturnType<typeof bootUp>>;
  // A base that is not in the cache yet takes half a minute.
  beforeAll(async () => {
    await ensureBase(console.warn);
    fixture = await createFixture();
    vm = await fixture.add('dev');
    guest = await bootUp(fixture.kind, vm);
  }, 300_000);
  afterAll(() => fixture?.[Symbol.asyncDispose]());

  test('runs commands as admin in / with the environment of a service', async () => {
    const script = 'uname -s; id -un; pwd; hostname; echo "$HOME $USER <$TERM>"; ps -p 1 -o comm=';
    expect(await execute(guest, 'sh', '-c', script)).toEqual({
      code: 0,
      stdout: 'Linux\nadmin\n/\nubuntu\n/home/admin admin <>\nsystemd\n',
      stderr: '',
    });
  });

  test('lets admin become root without a password', async () => {
    expect(await execute(guest, 'sudo', '-n', 'id', '-u')).toEqual({ code: 0, stdout: '0\n', stderr: '' });
  });

  test('has an address of 192.168.64.0/20 and the MAC of the VM on its only network card', async () => {
    expect(guest.ip).toMatch(/^192\.168\.(6[4-9]|7\d)\.\d+$/);
    const { stdout } = await execute(guest, 'ip', '-json', 'address', 'show', 'enp0s1');
    expect(JSON.parse(stdout)).toMatchObject([{ address: vm.macAddress, addr_info: [{ family: 'inet', local: guest.ip }] }]);
  });

  test('reaches nothing beyond its cable, and fails at once', async () => {
    expect((await execute(guest, 'ip', 'route', 'show', 'default')).stdout).toBe('');
    const started = performance.now();
    expect((await execute(guest, 'getent', 'hosts', 'example.invalid')).code).not.toBe(0);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('has no failed unit', async () => {
    expect((await execute(guest, 'systemctl', 'is-system-running', '--wait')).stdout).toBe('running\n');
  });

  test('takes the real ssh with the right password', async () => {
    expect(await ssh(guest.ip, 'admin', 'id', '-un')).toEqual({ code: 0, stdout: 'admin\n', stderr: '' });
  });

  test('refuses a wrong password', async () => {
    const wrongPassword = 5;
    expect(await ssh(guest.ip, 'nimda', 'true')).toMatchObject({ code: wrongPassword });
  });

  test('installs packages from its own mirror, and starts what they bring', async () => {
    expect((await execute(guest, 'sh', '-c', 'command -v git curl wget')).code).not.toBe(0);
    const install = 'apt-get update && apt-get install -y spice-vdagent spice-webdavd curl wget git';
    expect(await execute(guest, 'sudo', 'env', 'DEBIAN_FRONTEND=noninteractive', 'sh', '-c', install)).toMatchObject({ code: 0 });
    expect((await execute(guest, 'git', '--version')).stdout).toStartWith('git version');
    expect(await execute(guest, 'sudo', 'systemctl', 'start', 'spice-vdagentd.socket', 'spice-vdagent.service')).toMatchObject({ code: 0 });
  });

  test('installs a desktop by name, with its display manager', async () => {
    const install = 'apt-get update && apt-get install -y xubuntu-desktop && systemctl enable lightdm && systemctl restart NetworkManager';
    expect(await execute(guest, 'sudo', 'sh', '-c', install)).toMatchObject({ code: 0 });
    expect((await execute(guest, 'systemctl', 'is-enabled', 'display-manager')).stdout).toBe('alias\n');
  });
});
