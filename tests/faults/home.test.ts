/** Homes that are none, folders that may not be written, and disks that are full. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUSTA } from '../e2e/rusta.ts';
import { ours, readState } from '../e2e/state.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { checkEnd, checkProcesses, isOn } from './check.ts';
import { modesCount, onFullDisk } from './limits.ts';
import { harm, plant, snapshot } from './user-files.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

describe('HOME', () => {
  test.each([
    ['missing', undefined, 'HOME is not set'],
    ['empty', '', 'HOME is not set'],
    ['relative', 'here', "HOME is 'here', not an absolute path"],
    ['a file', '/dev/null', '/dev/null/.local/share/rusta'],
  ])('%s', async (_, HOME, said) => {
    for (const args of [['list'], ['source', 'add', 'ghcr.io/mine'], ['create', 'lab']]) {
      const result = await mac.rusta(args, { env: { HOME } });
      expect(checkEnd(result, { code: 1 })).toEqual([]);
      expect(result.stderr).toContain(said);
    }
    expect(mac.vm('lab').exists).toBe(false);
    expect(readdirSync(mac.home)).toEqual([]);
  });

  test('not there: it is made when there is something to keep', async () => {
    const env = { HOME: join(mac.root, 'new', 'home') };
    expect(await mac.rusta(['list'], { env })).toMatchObject({
      code: 0,
      stderr: "There are no VMs yet: 'rusta create' makes one.\n",
    });
    expect(existsSync(env.HOME)).toBe(false);
    expect(await mac.rusta(['source', 'add', 'ghcr.io/mine'], { env })).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(join(env.HOME, '.local/share/rusta/state.toml'), 'utf8')).toContain('ghcr.io/mine');
  });

  test('a TMPDIR that is not there is not needed', async () => {
    const env = { TMPDIR: '/nowhere/at/all' };
    for (const args of [
      ['create', 'lab'],
      ['up', 'lab'],
      ['docker-setup', 'lab'],
      ['delete', 'lab', '--yes', '--force-running'],
    ])
      expect(checkEnd(await mac.rusta(args, { env }), { code: 0 })).toEqual([]);
  });
});

test.each([
  ['a file', '/dev/null'],
  ['below a file', '/dev/null/tart'],
  ['longer than the name of a file may be', `/${'x'.repeat(300)}`],
  ['longer than a path may be', `/${'x/'.repeat(3_000)}`],
])('a TART_HOME that is %s: Tart says so', async (_, TART_HOME) => {
  for (const line of ['list', 'default lab', 'up lab', 'create lab', 'create web --from lab', 'delete lab --yes', 'logs lab']) {
    const result = await mac.rusta(line.split(' '), { env: { TART_HOME } });
    expect(checkEnd(result, { code: 1 }).filter((problem) => !/no end|it said/.test(problem))).toEqual([]);
    expect(result.stderr).toStartWith("[error] 'tart list' failed (exit 1): TART_HOME is invalid: ");
  }
});

describe.skipIf(modesCount === undefined)('what may not be written or read (as root, this needs setpriv)', () => {
  const rusta = (args: readonly string[]) => {
    const [program = '', ...rest] = [...(modesCount ?? []), RUSTA, ...args];
    return mac.run(program, rest);
  };

  test.each([
    [
      '~/.local/share/rusta',
      '.local/share/rusta',
      0o500,
      ['source', 'add', 'ghcr.io/mine'],
      'state.lock cannot be written: EACCES (permission denied)',
    ],
    ['state.toml', '.local/share/rusta/state.toml', 0, ['list'], 'state.toml cannot be read: EACCES (permission denied)'],
    ['run', '.local/share/rusta/run', 0o500, ['up', 'lab'], 'lab.lock cannot be written: EACCES (permission denied)'],
    [
      'provision',
      '.local/share/rusta/provision',
      0o500,
      ['create', 'new'],
      'provision/new.sh cannot be written: EACCES (permission denied)',
    ],
    ['~/.ssh', '.ssh', 0o500, ['docker-setup', 'lab'], '.ssh cannot be written: EACCES (permission denied)'],
    ['~/.ssh/config', '.ssh/config', 0, ['docker-setup', 'lab'], '.ssh/config cannot be read: EACCES (permission denied)'],
  ])('%s', async (_, path, mode, args, said) => {
    await mac.addVm('lab');
    plant(mac);
    mkdirSync(ours(mac, 'run'));
    mkdirSync(ours(mac, 'provision'));
    const before = snapshot(mac);
    chmodSync(join(mac.home, path), mode);
    const result = await rusta(args);
    chmodSync(join(mac.home, path), 0o700);
    expect(checkEnd(result, { code: 1 })).toEqual([]);
    expect(result.stderr).toContain(said);
    const creates = args[0] === 'create';
    expect(harm(mac, before, { mayChange: creates ? 'our part' : 'nothing' })).toEqual(creates ? [expect.stringContaining('new')] : []);
    expect(isOn(mac)).toBe(false);
  });
});

describe('a full disk', () => {
  test.each([
    [['source', 'add', 'ghcr.io/mine'], 'none', 1, 'rusta/tart-home cannot be written'],
    [['list'], 'stopped', 0, ''],
    [['down', 'lab'], 'running', 0, ''],
    [['set-gui', 'lab', 'on'], 'stopped', 1, 'rusta/tart-home cannot be written'],
    [['up', 'lab'], 'stopped', 1, 'run/lab.boot cannot be written'],
    [['create', 'lab'], 'none', 1, 'rusta/tart-home cannot be written'],
    [['ssh-copy', 'lab'], 'stopped', 1, 'run/lab.boot cannot be written'],
    [['docker-setup', 'lab'], 'running', 1, 'rusta/tart-home cannot be written'],
  ] as const)('%j of a VM that is %s ends with %d', async (args, vm, code, said) => {
    if (vm !== 'none') await mac.addVm('lab', { running: vm === 'running' });
    plant(mac);
    const before = snapshot(mac);
    const result = await onFullDisk(mac, 0, args);
    expect(checkEnd(result, { code })).toEqual([]);
    expect(result.stderr).toContain(said);
    expect(harm(mac, before, { mayChange: 'nothing' })).toEqual([]);
    expect(isOn(mac)).toBe(args[0] === 'docker-setup');
    expect(await checkProcesses(mac, new Set())).toEqual([]);
  });

  test('a VM can be deleted to make room: what could not be written is said', async () => {
    await mac.addVm('lab');
    plant(mac, { record: { gui: true } });
    const before = snapshot(mac);
    const result = await onFullDisk(mac, 0, ['delete', 'lab', '--yes']);
    expect(checkEnd(result, { code: 1 })).toEqual([]);
    expect(result.stderr).toContain("VM 'lab' is deleted, but something of it is left: ");
    expect(mac.vm('lab').exists).toBe(false);
    expect(harm(mac, before, { mayChange: 'nothing' })).toEqual([]);
  });

  test('one that fills up while the script runs ends create, with the VM off', async () => {
    mac.configure({ faults: [{ program: 'guest:apt-get', do: 'megabytes' }] });
    const result = await onFullDisk(mac, 32 * 1_024, ['create', 'lab']);
    expect(checkEnd(result, { code: 1 })).toEqual([]);
    expect(result.stderr).toContain('provision/lab.log cannot be written: ');
    expect(result.stderr).toContain('rusta create lab --resume');
    expect(isOn(mac)).toBe(false);
    expect(readState(mac)).toContain('setup = "provisioning"');
  });

  const LIMIT = 31 * 1_024;
  test('a log that cannot grow any more is said once, and the work goes on', async () => {
    await mac.addVm('lab');
    writeFileSync(join(mac.root, 'x.log'), 'x'.repeat(LIMIT - 60 - mac.root.length));
    const result = await onFullDisk(mac, LIMIT, ['up', 'lab', '--log', join(mac.root, 'x.log')]);
    expect(checkEnd(result, { code: 0 })).toEqual([]);
    expect(result.stderr.match(/\[warn\] cannot write the log file .*; going on without it/g)).toHaveLength(1);
    expect(isOn(mac)).toBe(true);
  });

  test.skipIf(!existsSync('/dev/full'))('/dev/full as log or standard output', async () => {
    const log = await mac.rusta(['list', '--log', '/dev/full']);
    expect(checkEnd(log, { code: 1 })).toEqual([]);
    expect(log.stderr).toBe("[error] cannot write the log file '/dev/full': ENOSPC\n");
    expect(mac.calls()).toEqual([]);
    const output = await mac.run('sh', ['-c', '"$0" list > /dev/full', RUSTA]);
    expect(checkEnd(output, { code: 1 })).toEqual([]);
    expect(output.stderr).toBe('[error] standard output cannot be written: ENOSPC (the disk is full)\n');
  });
});
