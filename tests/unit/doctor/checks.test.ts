import { describe, expect, test } from 'bun:test';
import { applyChecks } from '../../../src/doctor/check.ts';
import { CHECKS } from '../../../src/doctor/checks.ts';
import type { Facts } from '../../../src/doctor/facts.ts';
import { healthy, withGuest, withHost, withTart } from './facts.ts';
import { ids, only } from './findings.ts';

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
