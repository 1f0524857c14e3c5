import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBase } from './base/base.ts';
import { whyUnsupported } from './base/packages.ts';
import { bootUp, createFixture, execute, ssh } from './fixture.ts';
import { tracesOf } from './traces.ts';

setDefaultTimeout(300_000);
const reason = whyUnsupported();
if (reason) console.warn(`skipped: ${reason}`);

describe.skipIf(reason !== undefined)('several system guests', () => {
  let fixture: Awaited<ReturnType<typeof createFixture>>;
  beforeAll(async () => {
    await ensureBase(console.warn);
    fixture = await createFixture();
  }, 300_000);
  afterAll(() => fixture?.[Symbol.asyncDispose]());

  test('run at the same time, each with its own address and files, even with one MAC', async () => {
    const [a, b] = [await fixture.add('a'), await fixture.add('b')];
    const [one, two] = await Promise.all([bootUp(fixture.kind, a), bootUp(fixture.kind, { ...b, macAddress: a.macAddress })]);
    expect(one.ip).not.toBe(two.ip);
    await execute(one, 'touch', '/home/admin/one');
    expect((await ssh(one.ip, 'admin', 'ls')).stdout).toBe('one\n');
    expect((await ssh(two.ip, 'admin', 'ls')).stdout).toBe('');
    one.powerCut();
    await one.ended;
    expect((await ssh(two.ip, 'admin', 'echo alive')).stdout).toBe('alive\n');
  });

  test('a clone of a local VM has its files, its deletions, its host keys and its machine id', async () => {
    const source = await fixture.add('source');
    const first = await bootUp(fixture.kind, source);
    await execute(first, 'sh', '-c', 'echo mine > /home/admin/note; sudo rm -r /usr/share/doc; sync');
    const identity = ['sh', '-c', 'cat /etc/machine-id /etc/ssh/ssh_host_*.pub'] as const;
    const original = await execute(first, ...identity);
    first.powerButton();
    await first.ended;
    const second = await bootUp(fixture.kind, await fixture.add('copy', source));
    expect((await execute(second, 'sh', '-c', 'cat /home/admin/note; ls /usr/share/doc')).stdout).toBe('mine\n');
    expect(await execute(second, ...identity)).toEqual(original);
  });

  test('remove ends a running guest, leaves nothing, and may be repeated', async () => {
    const vm = await fixture.add('gone');
    const guest = await bootUp(fixture.kind, vm);
    const traces = await tracesOf(vm, guest);
    expect(await traces.left()).not.toEqual([]);
    await fixture.kind.remove(vm.folder);
    expect(await traces.left()).toEqual([]);
    await guest.ended;
    await fixture.kind.remove(vm.folder);
    await fixture.kind.remove(join(vm.folder, 'never-existed'));
  });

  test('a clone that fails leaves no half-made guest', async () => {
    const vm = await fixture.add('half');
    const target = join(vm.folder, 'target');
    await expect(fixture.kind.clone(join(vm.folder, 'missing'), target)).rejects.toThrow();
    expect(existsSync(join(target, 'system'))).toBe(false);
  });
});
