import { describe, expect, test } from 'bun:test';
import { applyChecks, type Finding } from '../../../src/doctor/check.ts';
import { CHECKS } from '../../../src/doctor/checks.ts';
import type { Facts } from '../../../src/doctor/facts.ts';
import { guest, healthy, vm, withGuest, withHost, withTart, withVm } from './facts.ts';

const ids = (facts: Facts, name?: string) => applyChecks(CHECKS, facts, name).map(({ id }) => id);
const only = (facts: Facts): Finding => {
  const findings = applyChecks(CHECKS, facts, undefined);
  expect(findings).toHaveLength(1);
  return findings[0] as Finding;
};

test('no two checks have one id', () => expect(new Set(CHECKS.map(({ id }) => id)).size).toBe(CHECKS.length));

test('a title is no sentence with a full stop, a reason is', () => {
  for (const { title, reason } of CHECKS) {
    expect(title).not.toMatch(/\.$/);
    expect(reason).toMatch(/\.$/);
  }
});

test('nothing is found on a Mac that is well, nor where nobody told anything', () => {
  expect(ids(healthy)).toEqual([]);
  const blind = withHost({ machine: undefined, macos: undefined, canVirtualize: undefined, keychain: undefined });
  const tart = { ...healthy.tart, version: undefined, tap: undefined, isTrusted: undefined, vms: undefined, volume: undefined };
  expect(ids({ ...blind, tart, network: { leases: undefined, now: 0 }, vms: [] })).toEqual([]);
});

describe('versions of Tart', () => {
  test.each([
    ['2.28.2', ['tart-too-old']],
    ['2.28.3', []],
    ['2.30.5', []],
    ['2.30.6', ['tart-silent-socket']],
    ['2.31.0', ['tart-silent-socket']],
    ['2.32.1', ['tart-silent-socket']],
    ['2.33.0', []],
    ['2.35.0', []],
    ['2.36.0', ['tart-fatal-socket']],
    ['2.36.1', []],
    ['SNAPSHOT', []],
  ])('%s', (version, expected) => expect(ids(withTart({ version }))).toEqual(expected));

  test('the frozen tap is told once, with or without a bad version', () => {
    expect(ids(withTart({ tap: 'cirruslabs/cli', isTrusted: false }))).toEqual(['tart-frozen-tap']);
    expect(ids(withTart({ tap: 'cirruslabs/cli', isTrusted: false, version: '2.32.1' }))).toEqual(['tart-silent-socket']);
  });
});

test('each variable for Bun is told by its name', () => {
  expect(applyChecks(CHECKS, withHost({ forBun: ['BUN_OPTIONS', 'BUN_JSC_useJIT'] }), undefined)).toMatchObject([
    { id: 'bun-variable', command: 'unset BUN_OPTIONS' },
    { id: 'bun-variable', command: 'unset BUN_JSC_useJIT' },
  ]);
});

describe('the way to a guest', () => {
  const name = 'lab';

  test.each(['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN'])('%s while the agent answers is the Local Network', (connectError) => {
    expect(only(withGuest({ connectError }))).toMatchObject({
      id: 'local-network',
      vm: name,
      title: expect.stringContaining(connectError),
    });
  });

  test('while the agent is silent it is not: the guest may be on its way', () => {
    expect(ids(withGuest({ connectError: 'EHOSTUNREACH', silence: 'no answer' }))).toEqual(['agent-silent']);
  });

  test.each([
    ['macos-too-old', withHost({ macos: '13.7' })],
    ['tart-too-old', withTart({ version: '2.26.0' })],
  ])('%s is why no agent answers', (id, { host, tart }) => {
    expect(ids({ ...withGuest({ silence: 'no answer' }), host, tart })).toEqual([id]);
  });

  test.each(['utun4', 'ipsec0', 'ppp0'])('%s is a VPN, and then it is not the Local Network', (via) => {
    expect(only(withGuest({ via, connectError: 'EHOSTUNREACH' }))).toMatchObject({ id: 'vpn-route', vm: name });
  });

  test.each(['bridge100', 'bridge101', 'vmenet0', 'en0', 'lo0'])('%s is none', (via) => expect(ids(withGuest({ via }))).toEqual([]));
});

describe('leases', () => {
  const leases = (count: number, expires: number, network = '192.168.64') =>
    Array.from({ length: count }, (_, at) => ({ address: `${network}.${at + 2}`, expires }));
  const withLeases = (...all: ReturnType<typeof leases>[]): Facts => ({ ...healthy, network: { leases: all.flat(), now: 1_000 } });

  test.each([
    ['all of one network', withLeases(leases(253, 1_001)), ['leases-used-up']],
    ['all but one', withLeases(leases(252, 1_001)), []],
    ['all have ended', withLeases(leases(253, 1_000)), []],
    ['one address many times', withLeases(...Array.from({ length: 300 }, () => leases(1, 1_001))), []],
    ['many, of two networks', withLeases(leases(200, 1_001), leases(200, 1_001, '192.168.65')), []],
  ])('%s', (_what, facts, expected) => expect(ids(facts)).toEqual(expected));
});

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
