import { describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac } from '../mac.ts';
import { silent, tart, ubuntu } from './calls.ts';

/** `tart clone` and `tart pull`: what makes VMs and fills the cache of images. */
describe('clone', () => {
  test('pulls with progress that moves the cursor even on a pipe; plain under CI; silent when cached', async () => {
    await using mac = await createMac();
    const pulled = await tart(mac, 'clone', ubuntu, 'one');
    expect(pulled).toMatchObject({ code: 0, stderr: '' });
    expect(pulled.stdout).toStartWith('pulling manifest...\npulling disk (0.6 GB compressed)...\n0%\n\x1b[1A\r\x1b[J25%\n');
    expect(await tart(mac, 'clone', ubuntu, 'two')).toEqual(silent);
    const plain = await mac.run('tart', ['clone', 'ghcr.io/cirruslabs/ubuntu:22.04', 'three'], { env: { CI: '1' } });
    expect(plain.stdout).toBe('pulling manifest...\npulling disk (0.6 GB compressed)...\n0%\n25%\n50%\n75%\n100%\npulling NVRAM...\n');
  });

  test('errors: unknown tag, unknown repository, no such VM, a slash in the new name, no concurrency', async () => {
    await using mac = await createMac();
    const tag = await tart(mac, 'clone', 'ghcr.io/cirruslabs/ubuntu:99.99', 'x');
    expect(tag).toMatchObject({ code: 1, stderr: expect.stringContaining('UnexpectedHTTPStatusCode(when: "pulling manifest", code: 404') });
    const repository = await tart(mac, 'clone', 'ghcr.io/nobody/nothing:1', 'x');
    expect(repository).toMatchObject({ code: 1, stderr: expect.stringMatching(/^Error: AuthFailed\(why: ".*403.*DENIED/) });
    expect(await tart(mac, 'clone', 'absent', 'x')).toMatchObject({ code: 2, stderr: 'the specified VM "absent" does not exist\n' });
    expect(await tart(mac, 'clone', ubuntu, 'a/b')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('<new-name> should be a local name'),
    });
    expect((await tart(mac, 'clone', ubuntu, 'x', '--concurrency', '0')).code).toBe(64);
    expect(readdirSync(join(mac.tartHome, 'vms'))).toEqual([]);
  });

  test('replaces without a word, even a running VM, which lives on unseen', async () => {
    await using mac = await createMac();
    mac.addImage(ubuntu);
    const vm = await mac.addVm('lab', { running: true });
    const orphan = vm.runPid;
    expect(await tart(mac, 'clone', ubuntu, 'lab')).toEqual(silent);
    expect(vm.isRunning).toBe(false);
    expect(process.kill(orphan, 0)).toBe(true);
    expect(await tart(mac, 'stop', 'lab')).toMatchObject({ code: 2, stderr: 'VM "lab" is not running\n' });
  });

  test('the first clone keeps the MAC of the image, the next get their own', async () => {
    await using mac = await createMac();
    mac.addImage(ubuntu);
    for (const name of ['a', 'b']) await tart(mac, 'clone', ubuntu, name);
    await tart(mac, 'clone', 'a', 'c');
    const macs = ['a', 'b', 'c'].map((name) => mac.vm(name).config.macAddress);
    const [image] = new Bun.Glob('sha256:*/config.json').scanSync(join(mac.tartHome, 'cache/OCIs/ghcr.io/cirruslabs/ubuntu'));
    const config = readFileSync(join(mac.tartHome, 'cache/OCIs/ghcr.io/cirruslabs/ubuntu', image ?? ''), 'utf8');
    expect(config).toContain(macs[0] ?? 'nothing');
    expect(new Set(macs).size).toBe(3);
  });

  test('one corrupt config.json breaks every clone, but not list', async () => {
    await using mac = await createMac();
    mac.addImage(ubuntu);
    const vm = await mac.addVm('bad');
    writeFileSync(join(vm.folder, 'config.json'), '{');
    expect(await tart(mac, 'clone', ubuntu, 'x')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('isn’t in the correct format'),
    });
    expect((await tart(mac, 'list')).code).toBe(0);
  });

  test('SIGINT throws the download away, SIGTERM leaves it for the next command to collect', async () => {
    await using mac = await createMac({ knobs: { timing: { pull: 60_000 } } });
    const tmp = join(mac.tartHome, 'tmp');
    const interrupted = mac.start('tart', ['clone', ubuntu, 'x']);
    await interrupted.waitFor('0%');
    interrupted.kill('SIGINT');
    expect(await interrupted.exited).toMatchObject({ code: 1, stderr: 'Error: CancellationError()\n' });
    expect(readdirSync(tmp)).toEqual([]);
    const killed = mac.start('tart', ['clone', ubuntu, 'x']);
    await killed.waitFor('0%');
    expect((await tart(mac, 'list', '-q')).code).toBe(0);
    expect(readdirSync(tmp)).toHaveLength(1);
    killed.kill('SIGTERM');
    expect((await killed.exited).signal).toBe('SIGTERM');
    expect(readdirSync(tmp)).toHaveLength(1);
    await tart(mac, 'list', '-q');
    expect(readdirSync(tmp)).toEqual([]);
    expect(mac.vm('x').exists).toBe(false);
  });
});

describe('pull', () => {
  test('says so when linked already; asks the registry even then; a local name needs no pull', async () => {
    await using mac = await createMac();
    expect((await tart(mac, 'pull', ubuntu)).stdout).toStartWith(`pulling ${ubuntu}...\npulling manifest...\n`);
    expect((await tart(mac, 'pull', ubuntu)).stdout).toEndWith('image is already cached and linked!\n');
    expect((await tart(mac, 'pull', 'ghcr.io/cirruslabs/ubuntu')).stdout).toEndWith('image is already cached! creating a symlink...\n');
    await mac.addVm('lab');
    expect((await tart(mac, 'pull', 'lab')).stdout).toBe('"lab" is a local image, nothing to pull here!\n');
    mac.configure({ registry: { 'ghcr.io/cirruslabs/ubuntu': [] } });
    expect((await tart(mac, 'pull', ubuntu)).code).toBe(1);
  });
});
