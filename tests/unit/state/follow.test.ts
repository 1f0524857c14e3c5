import { expect, test } from 'bun:test';
import { followRenames } from '../../../src/state/follow.ts';
import { formatMark, unborn, type VmMark } from '../../../src/state/mark.ts';

const MAC = '72:00:00:00:00:01';
const vm = (inode: string, mac?: string): VmMark => ({ inode, born: 1_000 * Number(inode), mac });
const record = (user: string, mark: VmMark) => ({ user, mark: formatMark(mark) });

/** The logins on record, by VM, where these VMs are there. */
function followed(vms: Record<string, ReturnType<typeof record>>, there: Record<string, VmMark>): Record<string, string> {
  const tables = structuredClone(vms);
  followRenames(tables, { mark: (name) => there[name], names: () => Object.keys(there), isIn: () => false });
  return Object.fromEntries(Object.entries(tables).map(([name, { user }]) => [name, user]));
}

test('a record follows the folder of its VM to the new name', () => {
  expect(followed({ lab: record('bob', vm('1')) }, { web: vm('1') })).toEqual({ web: 'bob' });
});

test('under its own name the MAC address suffices: a restored VM has another folder', () => {
  expect(followed({ lab: record('bob', vm('1', MAC)) }, { lab: vm('2', MAC) })).toEqual({ lab: 'bob' });
});

test('when a VM with the MAC address of a deleted one is renamed to its name, then its own record follows it there', () => {
  const records = { web: record('bob', vm('1', MAC)), lab: record('ann', vm('2', MAC)) };
  expect(followed(records, { web: vm('2', MAC) })).toEqual({ web: 'ann' });
});

test('when a VM is renamed, and one with its MAC address comes back to the old name, then the record goes with the folder', () => {
  expect(followed({ lab: record('bob', vm('2', MAC)) }, { lab: vm('1', MAC), web: vm('2', MAC) })).toEqual({ web: 'bob' });
});

test('two names that are swapped', () => {
  const records = { web: record('bob', vm('1')), lab: record('ann', vm('2')) };
  expect(followed(records, { web: vm('2'), lab: vm('1') })).toEqual({ web: 'ann', lab: 'bob' });
});

test('when a VM is renamed to the name of a killed creation that made none, then its own record follows it there', () => {
  const records = { web: record('ann', unborn()), lab: record('bob', vm('1')) };
  expect(followed(records, { web: vm('1') })).toEqual({ web: 'bob' });
  // A creation before the VM was made, by the clock: the folder still tells whose it is.
  const before = { web: record('ann', { ...unborn(), born: 0 }), lab: record('bob', vm('1')) };
  expect(followed(before, { web: vm('1') })).toEqual({ web: 'bob' });
});

test('a VM that no record knows leaves the record of a killed creation where it is', () => {
  const records = { web: record('ann', unborn()), lab: record('bob', vm('1')) };
  expect(followed(records, { web: vm('2') })).toEqual({ web: 'ann', lab: 'bob' });
});

test('a record whose VM is not there stays', () => {
  expect(followed({ lab: record('bob', vm('1')) }, {})).toEqual({ lab: 'bob' });
  expect(followed({ lab: record('bob', vm('1')) }, { lab: vm('2') })).toEqual({ lab: 'bob' });
});
