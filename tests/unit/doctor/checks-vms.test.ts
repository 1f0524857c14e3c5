import { describe, expect, test } from 'bun:test';
import type { Facts } from '../../../src/doctor/facts.ts';
import { guest, healthy, vm, withGuest, withVm } from './facts.ts';
import { ids, only } from './findings.ts';

/** What is found of a VM: beside others, under its name, as a process, and by ssh. */
describe('one VM beside others', () => {
  const other = { ...vm, name: 'web', guest: { ...guest, hostname: 'web', machineId: '2'.repeat(32) } };
  const both = (changes: Partial<typeof guest>): Facts => ({ ...healthy, vms: [vm, { ...other, guest: { ...other.guest, ...changes } }] });

  test('of twins the second is named, to both', () => {
    const twins = both({ machineId: guest.machineId });
    for (const name of [undefined, 'lab', 'web']) expect(ids(twins, name)).toEqual(['shared-machine-id']);
    expect(ids({ ...twins, vms: [...twins.vms, { ...vm, name: 'third' }] })).toEqual(['shared-machine-id', 'shared-machine-id']);
  });

  test('twins in hostname and machine-id are told once', () => {
    expect(ids(both({ machineId: guest.machineId, hostname: guest.hostname }))).toEqual(['shared-machine-id']);
    expect(ids(both({ hostname: guest.hostname }))).toEqual(['shared-hostname']);
  });

  test('what nobody says of itself is shared with nobody', () => {
    const nameless = { ...vm, guest: { ...guest, hostname: undefined, machineId: undefined } };
    expect(ids({ ...healthy, vms: [nameless, { ...nameless, name: 'web' }] })).toEqual([]);
  });

  test('what concerns another VM is left out', () => {
    const docker = { ...vm.docker, aliasHost: undefined };
    const facts = { ...healthy, vms: [vm, { ...other, status: 'suspended' as const, guest: undefined, pidFile: undefined, docker }] };
    expect(ids(facts, 'lab')).toEqual([]);
    expect(ids(facts, 'web')).toEqual(['vm-suspended', 'stale-socket']);
  });
});

describe('what a name may hold', () => {
  test('commands are words for a shell, titles are not', () => {
    expect(only(withVm({ name: "it's a VM", status: 'suspended', guest: undefined, socket: undefined }))).toMatchObject({
      title: "VM 'it's a VM' is suspended",
      command: `tart stop 'it'\\''s a VM'`,
    });
    expect(only(withVm({ pidFile: { path: '/a b/x.pid', pid: 1, isItsRun: false } })).command).toBe("rm '/a b/x.pid'");
  });

  test('a call that hangs is to be typed as it is', () => {
    expect(only({ ...healthy, hangs: [{ call: 'tart list --format json', seconds: 4 }] })).toMatchObject({
      id: 'hang',
      command: 'tart list --format json',
    });
  });
});

describe('a VM and its process', () => {
  const off = { status: 'stopped', guest: undefined, socket: undefined } as const;
  const pidFile = { path: '/run/lab.pid', pid: 4711 };

  test.each([
    ['off, its process gone', { ...off, pidFile: { ...pidFile, isItsRun: false } }, ['vm-without-process']],
    ['off, its process gone, its socket left', { ...off, socket: '/s', pidFile: { ...pidFile, isItsRun: false } }, ['vm-without-process']],
    ['off, its process there: it starts', { ...off, socket: '/s', pidFile: { ...pidFile, isItsRun: true } }, []],
    ['off, nobody knows its process', { ...off, pidFile: { ...pidFile, isItsRun: undefined } }, []],
    ['off, a pid that is none', { ...off, pidFile: { ...pidFile, pid: undefined, isItsRun: false } }, ['stale-pid']],
    ['on, another process on file', { pidFile: { ...pidFile, isItsRun: false } }, ['stale-pid']],
    ['on, started by hand', { pidFile: undefined }, []],
    [
      'gone, its process there',
      { ...off, status: undefined, missingFiles: undefined, pidFile: { ...pidFile, isItsRun: true } },
      ['process-without-vm'],
    ],
    [
      'gone, on record, with a pid',
      { ...off, status: undefined, missingFiles: undefined, pidFile: { ...pidFile, isItsRun: false } },
      ['vm-lost'],
    ],
    [
      'gone, not on record',
      { ...off, status: undefined, missingFiles: undefined, record: undefined, pidFile: { ...pidFile, isItsRun: false } },
      ['stale-pid'],
    ],
    ['another rusta is at work', { ...off, isBusy: true, record: { phase: 'cloning' }, pidFile: { ...pidFile, isItsRun: false } }, []],
  ] as const)('%s', (_what, changes, expected) => expect(ids(withVm(changes as Partial<typeof vm>))).toEqual([...expected]));
});

test.each([-31, 31])('a clock that is %d s off', (clockOffset) => expect(ids(withGuest({ clockOffset }))).toEqual(['guest-clock']));
test.each([-30, 30])('a clock that is %d s off is right', (clockOffset) => expect(ids(withGuest({ clockOffset }))).toEqual([]));

describe('the name that ssh-setup makes', () => {
  const { sshName } = vm;
  const refused = { ...sshName, knownKeys: ['ssh-ed25519 CCCC'] };
  test.each([
    ['no key is known', { sshName: refused }, ['ssh-name-host-keys']],
    ['no key is known, but the alias is nobody’s', { sshName: { ...refused, owner: 'nobody' } }, []],
    ['the guest does not tell its keys', { sshName: refused, guest: { ...guest, hostKeys: [] } }, []],
    ['the VM is off', { sshName: refused, guest: undefined, status: 'stopped', pidFile: undefined, socket: undefined }, []],
    ['a program that is gone', { sshName: { ...sshName, lostProgram: '/gone/rusta' } }, ['ssh-name-program']],
    ['set up, and no alias', { sshName: { ...sshName, owner: 'nobody' }, record: { ssh: true } }, ['ssh-name-missing']],
    ['set up, with an alias of the user', { sshName: { ...sshName, owner: 'user' }, record: { ssh: true } }, []],
  ] as const)('%s', (_what, changes, expected) => expect(ids(withVm(changes as Partial<typeof vm>))).toEqual([...expected]));
});
