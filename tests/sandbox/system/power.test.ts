import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import type { GuestVm } from '../guest.ts';
import { ensureBase } from './base/base.ts';
import { whyUnsupported } from './base/packages.ts';
import { bootUp, createFixture, execute, until } from './fixture.ts';
import { findLeader, procText } from './processes.ts';
import { tracesOf } from './traces.ts';

setDefaultTimeout(300_000);
const reason = whyUnsupported();
if (reason) console.warn(`skipped: ${reason}`);

describe.skipIf(reason !== undefined)('power of a system guest', () => {
  let fixture: Awaited<ReturnType<typeof createFixture>>;
  let vm: GuestVm;
  let count = 0;
  beforeAll(async () => {
    await ensureBase(console.warn);
    fixture = await createFixture();
  }, 300_000);
  beforeEach(async () => {
    vm = await fixture.add(`vm${++count}`);
  });
  afterAll(() => fixture?.[Symbol.asyncDispose]());
  const boot = (one = vm) => bootUp(fixture.kind, one);

  test('has neither address nor agent before it is up', async () => {
    const guest = await fixture.kind.boot(vm);
    expect(await guest.address()).toBeUndefined();
    guest.powerCut();
    expect(await guest.ended).toEqual({});
  });

  test('shutdown -h now ends it; files and address are there on the next boot', async () => {
    const first = await boot();
    const traces = await tracesOf(vm, first);
    await execute(first, 'sh', '-c', 'echo kept > /home/admin/note; sudo rm /etc/motd; sync');
    await execute(first, 'sudo', 'shutdown', '-h', 'now');
    expect(await first.ended).toEqual({});
    expect(await traces.left()).toEqual([]);
    expect(await first.address()).toBeUndefined();
    const second = await boot();
    expect(second.ip).toBe(first.ip);
    expect(await execute(second, 'sh', '-c', 'cat /home/admin/note; test ! -e /etc/motd')).toMatchObject({ code: 0, stdout: 'kept\n' });
  });

  test('the power button is a clean shutdown, also when pressed twice', async () => {
    const guest = await boot();
    guest.powerButton();
    guest.powerButton();
    expect(await guest.ended).toEqual({});
    const again = await boot();
    const log = await execute(again, 'sudo', 'journalctl', '--boot=-1', '--output=cat', '--unit=ssh.service');
    expect(log.stdout).toContain('Stopped ssh.service');
  });

  test('the power cut asks nobody', async () => {
    const guest = await boot();
    const traces = await tracesOf(vm, guest);
    guest.powerCut();
    expect(await guest.ended).toEqual({});
    expect(await traces.left()).toEqual([]);
    const again = await boot();
    const log = await execute(again, 'sudo', 'journalctl', '--boot=-1', '--output=cat');
    expect(log.stdout).not.toContain('Stopped ssh.service');
  });

  test('a reboot from inside keeps the machine and its address', async () => {
    const guest = await boot();
    // When process 1 was started, in ticks.
    const id = async () => (await execute(guest, 'cat', '/proc/1/stat')).stdout.split(' ')[21];
    const before = await id();
    await execute(guest, 'sudo', 'reboot');
    const after = await until(async () => {
      const now = await id().catch(() => undefined);
      return now === before ? undefined : now;
    });
    expect(after).not.toBe(before);
    expect(await until(() => guest.address())).toBe(guest.ip);
  });

  test('a guest whose process 1 dies has crashed', async () => {
    const guest = await boot();
    const { run } = await tracesOf(vm, guest);
    const nspawn = readdirSync('/proc').find(
      (pid) => procText(`${pid}/cmdline`).startsWith('systemd-nspawn') && procText(`${pid}/cmdline`).includes(run),
    );
    process.kill(findLeader(Number(nspawn), 2) ?? Number.NaN, 'SIGKILL');
    expect((await guest.ended).crash).toContain('guest ended with');
  });

  test('killing the owner kills the guest and leaves nothing', async () => {
    const script = `
      const { createSystemGuest } = await import(${JSON.stringify(`${import.meta.dir}/kind.ts`)});
      const { bootUp } = await import(${JSON.stringify(`${import.meta.dir}/fixture.ts`)});
      const guest = await bootUp(createSystemGuest(${JSON.stringify(fixture.agent)}), ${JSON.stringify(vm)});
      console.log(JSON.stringify({ ip: guest.ip, agentSocket: guest.agentSocket }));
    `;
    const owner = Bun.spawn([process.execPath, '-e', script], { stdin: 'ignore', stdout: 'pipe' });
    const { value } = await owner.stdout.getReader().read();
    const guest = JSON.parse(new TextDecoder().decode(value)) as Awaited<ReturnType<typeof bootUp>>;
    const traces = await tracesOf(vm, guest);
    expect(await traces.left()).not.toEqual([]);
    owner.kill('SIGKILL');
    await until(async () => ((await traces.left()).length === 0 ? true : undefined), 5000);
    expect((await boot()).ip).toBe(guest.ip);
  });
});
