import { describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from './mac.ts';

const ubuntu = 'ghcr.io/cirruslabs/ubuntu:24.04';
const tart = (mac: Mac, ...args: string[]) => mac.run('tart', args);
const silent = { code: 0, signal: null, stdout: '', stderr: '' };

interface Row {
  readonly Name: string;
  readonly Source: string;
  readonly Running: boolean;
  readonly State: string;
}

describe('list', () => {
  test('JSON as Foundation prints it: escaped slashes, keys in any order, two rows for an image, local first', async () => {
    await using mac = await createMac();
    mac.addImage(ubuntu);
    for (const name of ['b', 'a', 'Z']) await mac.addVm(name);
    const runs = await Promise.all(Array.from({ length: 4 }, () => tart(mac, 'list', '--format', 'json')));
    const [first] = runs;
    expect(first?.stdout).toContain('"Name" : "ghcr.io\\/cirruslabs\\/ubuntu:24.04"');
    expect(first?.stdout.startsWith('[\n  {\n    "')).toBe(true);
    const rows = JSON.parse(first?.stdout ?? '') as Row[];
    expect(rows.map(({ Source, Name }) => [Source, Name.replace(/:[0-9a-f]{64}$/, '')])).toEqual([
      ['local', 'Z'],
      ['local', 'a'],
      ['local', 'b'],
      ['OCI', ubuntu],
      ['OCI', 'ghcr.io/cirruslabs/ubuntu@sha256'],
    ]);
    expect(Object.keys(rows[0] ?? {}).sort()).toEqual(['Accessed', 'Disk', 'Name', 'Running', 'Size', 'Source', 'State']);
    expect(rows[0]).toMatchObject({ Running: false, State: 'stopped', Disk: 20, Accessed: expect.stringMatching(/^\d{4}-.*:\d\dZ$/) });
    expect(new Set(runs.map(({ stdout }) => stdout)).size).toBeGreaterThan(1);
  });

  test('empty: `[`, an empty line, `]`; one empty line as text; nothing with --quiet', async () => {
    await using mac = await createMac();
    expect((await tart(mac, 'list', '--format=json')).stdout).toBe('[\n\n]\n');
    expect((await tart(mac, 'list')).stdout).toBe('\n');
    expect((await tart(mac, 'list', '-q')).stdout).toBe('');
  });

  test('names only with --quiet, local ones with --source; a folder without the trio is invisible', async () => {
    await using mac = await createMac();
    mac.addImage(ubuntu);
    await mac.addVm('lab');
    mkdirSync(join(mac.tartHome, 'vms/half'));
    expect((await tart(mac, 'list', '--quiet', '--format', 'json', '--source', 'local')).stdout).toBe('lab\n');
    expect((await tart(mac, 'get', 'half')).stderr).toBe('VM is missing some of its files (config.json, disk.img or nvram.bin)\n');
  });
});

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

describe('set, get, delete, rename', () => {
  test('set is silent, even on a running VM, and get shows it', async () => {
    await using mac = await createMac();
    await mac.addVm('lab', { running: true });
    expect(await tart(mac, 'set', 'lab', '--cpu', '6', '--memory', '8192', '--disk-size', '80', '--display', '800x600pt')).toEqual(silent);
    expect(JSON.parse((await tart(mac, 'get', 'lab', '--format', 'json')).stdout)).toMatchObject({
      ...{ CPU: 6, Memory: 8192, Disk: 80, Display: '800x600pt', Running: true, State: 'running', OS: 'linux', DiskFormat: 'raw' },
      Size: expect.stringMatching(/^\d+\.\d{3}$/),
    });
    expect(mac.vm('lab').isRunning).toBe(true);
  });

  test('a disk cannot shrink, but what came before it is done', async () => {
    await using mac = await createMac();
    const { folder } = await mac.addVm('lab');
    const result = await tart(mac, 'set', 'lab', '--cpu', '2', '--disk-size', '10');
    expect(result).toMatchObject({ code: 1, stderr: 'new disk size of 10 GB should be larger than the current disk size of 20 GB\n' });
    expect(mac.vm('lab').config.cpuCount).toBe(2);
    expect(statSync(join(folder, 'disk.img')).size).toBe(20_000_000_000);
    expect(await tart(mac, 'set', 'lab', '--disk-size', '20')).toEqual(silent);
    expect((await tart(mac, 'set', 'lab', '--cpu', '0')).stderr).toContain('VM should have 1 CPU cores at minimum (requested 0)');
  });

  test('delete goes in order, stops at the first failure, and refuses a running VM with 1', async () => {
    await using mac = await createMac();
    await mac.addVm('a');
    await mac.addVm('b', { running: true });
    await mac.addVm('c');
    expect(await tart(mac, 'delete', 'a', 'b', 'c')).toMatchObject({ code: 1, stderr: 'VM "b" is running\n' });
    expect(['a', 'b', 'c'].map((name) => mac.vm(name).exists)).toEqual([false, true, true]);
    expect((await tart(mac, 'delete', 'a')).code).toBe(2);
  });

  test('deleting a tag collects its digest', async () => {
    await using mac = await createMac();
    mac.addImage(ubuntu);
    expect(await tart(mac, 'delete', ubuntu)).toEqual(silent);
    expect((await tart(mac, 'list', '-q')).stdout).toBe('');
  });

  test('rename keeps a running VM running; its errors are usage errors of the root', async () => {
    await using mac = await createMac();
    await mac.addVm('a', { running: true });
    expect(await tart(mac, 'rename', 'a', 'b')).toEqual(silent);
    expect(mac.vm('b').isRunning).toBe(true);
    const absent = await tart(mac, 'rename', 'a', 'c');
    expect(absent.code).toBe(64);
    expect(absent.stderr).toBe(
      "Error: failed to rename a non-existent local VM: a\nUsage: tart <subcommand>\n  See 'tart --help' for more information.\n",
    );
  });
});

describe('command line', () => {
  test.each([
    [['list', '--bogus'], "Error: Unknown option '--bogus'"],
    [['list', '--source', 'x'], "Error: 'x' is not a valid <source>"],
    [['set', 'lab', '--cpu', 'x'], "Error: The value 'x' is invalid for '--cpu <cpu>'"],
    [['set', 'lab', '--cpu'], "Error: Missing value for '--cpu <cpu>'"],
    [['get'], "Error: Missing expected argument '<name>'"],
    [['get', 'a', 'b'], "Error: Unexpected argument 'b'"],
    [['exec', 'lab'], "Error: Missing expected argument '<command> ...'"],
    [['prune'], 'Error: at least one pruning criteria must be specified'],
    [['login', 'ghcr.io', '--username', 'x'], 'Error: --username and --password-stdin should be specified together'],
    [['nonsense'], "Error: Unexpected argument 'nonsense'"],
  ])('%j is a usage error', async (args, message) => {
    await using mac = await createMac();
    const result = await tart(mac, ...args);
    expect(result).toMatchObject({ code: 64, stdout: '' });
    expect(result.stderr.split('\n')[0]).toBe(message);
    expect(result.stderr).toContain('Usage: tart');
  });

  test('--version and help write to stdout and touch nothing', async () => {
    await using mac = await createMac();
    const env = { TART_HOME: join(mac.root, 'fresh') };
    expect(await mac.run('tart', ['--version'], { env })).toEqual({ ...silent, stdout: '2.32.1\n' });
    for (const args of [[], ['--help'], ['help', 'clone'], ['run', '-h'], ['exec', '--help']]) {
      const result = await mac.run('tart', args, { env });
      expect(result).toMatchObject({ code: 0, stderr: '' });
      expect(result.stdout).toContain('USAGE: tart');
    }
    expect(existsSync(env.TART_HOME)).toBe(false);
  });

  test('a TART_HOME that cannot be', async () => {
    await using mac = await createMac();
    const result = await mac.run('tart', ['list'], { env: { TART_HOME: '/dev/null/x' } });
    expect(result).toMatchObject({ code: 1, stderr: expect.stringMatching(/^TART_HOME is invalid: \/dev\/null\/x does not exist, yet/) });
  });

  test('a missing VM is 2 without a prefix', async () => {
    await using mac = await createMac();
    for (const args of [
      ['get', 'x'],
      ['set', 'x'],
      ['stop', 'x'],
      ['ip', 'x'],
      ['delete', 'x'],
      ['exec', 'x', 'true'],
      ['suspend', 'x'],
    ]) {
      expect(await tart(mac, ...args)).toEqual({ code: 2, signal: null, stdout: '', stderr: 'the specified VM "x" does not exist\n' });
    }
  });
});
