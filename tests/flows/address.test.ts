import { expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { awaitAddress, findOtherAddress } from '../../src/vm/address/address.ts';
import { WAITS } from '../../src/vm/waits/waits.ts';
import { type Call, listing, rusta, scripted, UNAME } from './scripted.ts';

const PLAIN = 'tart ip lab';
/** The guest's clock is set in the same call. */
const ASKED = /^tart exec lab sh -c sudo -n \S+step-clock \d{10} > \S+ 2>&1; ip -4 route show default; ip -4 -o addr show scope global$/;
const none = (call: string): Call => ({ call, code: 1, stderr: 'no IP address found' });
const says = (call: string, address: string): Call => ({ call, stdout: `${address}\n` });
const guest = (address: string): Call => ({
  call: ASKED,
  stdout: `default via 192.168.64.1 dev enp0s1 proto dhcp metric 100
4: docker0    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0
2: enp0s1    inet ${address}/24 metric 100 brd 192.168.64.255 scope global dynamic enp0s1\n`,
});
const SILENT: Call = { call: ASKED, code: 1, stderr: 'VM "lab" is not running' };
const MUTE: Call = { call: ASKED };

/** A VM that runs: its boot is told by its control socket. */
function running(calls: readonly Call[]) {
  const made = scripted({ calls });
  const folder = join(made.app.paths.tartHome, 'vms/lab');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'control.sock'), '');
  const proven = () => awaitAddress(made.app, { vm: 'lab', wait: WAITS.ip, proof: 'needed' });
  return { ...made, proven };
}

test('the guest confirms a lease once a boot', async () => {
  const { proven, finish } = running([says(PLAIN, '192.168.64.7'), guest('192.168.64.7'), says(PLAIN, '192.168.64.7')]);
  expect(await proven()).toBe('192.168.64.7');
  expect(await proven()).toBe('192.168.64.7');
  finish();
});

test('where lease and guest disagree, the guest is right: the lease may be of another VM', async () => {
  const { proven, finish } = running([says(PLAIN, '192.168.64.9'), guest('192.168.64.7')]);
  expect(await proven()).toBe('192.168.64.7');
  finish();
});

test("docker's bridge is never taken for the address, whoever names it", async () => {
  const { proven, finish } = running([none(PLAIN), says(`${PLAIN} --resolver agent`, '172.17.0.1'), guest('192.168.64.7')]);
  expect(await proven()).toBe('192.168.64.7');
  finish();
  const mute = running([
    none(PLAIN),
    says(`${PLAIN} --resolver agent`, '172.17.0.1'),
    MUTE,
    says(`${PLAIN} --resolver arp`, '192.168.64.7'),
    MUTE,
  ]);
  expect(await mute.proven()).toBe('192.168.64.7');
  mute.finish();
});

test.each([
  ['is silent', SILENT],
  ['does not know', MUTE],
])('where the agent %s, the lease counts, and is not asked about each time', async (_, answer) => {
  const { proven, finish } = running([says(PLAIN, '192.168.64.7'), answer, says(PLAIN, '192.168.64.7')]);
  expect(await proven()).toBe('192.168.64.7');
  expect(await proven()).toBe('192.168.64.7');
  finish();
});

test('a new boot is asked anew', async () => {
  const calls = [says(PLAIN, '192.168.64.7'), guest('192.168.64.7'), says(PLAIN, '192.168.64.7'), guest('192.168.64.8')];
  const { app, proven, finish } = running(calls);
  expect(await proven()).toBe('192.168.64.7');
  app.pids.write('lab', process.pid);
  const later = { ...app, processes: { ...app.processes, isAlive: () => true } };
  expect(await awaitAddress(later, { vm: 'lab', wait: WAITS.ip, proof: 'needed' })).toBe('192.168.64.8');
  finish();
});

test('a guest that has no address yet is waited for, whatever an old lease says', async () => {
  const early = { call: ASKED, stdout: 'default via 192.168.64.1 dev enp0s1\n' };
  const { proven, finish } = running([
    says(PLAIN, '192.168.64.9'),
    early,
    none(`${PLAIN} --resolver agent`),
    says(`${PLAIN} --resolver arp`, '192.168.64.7'),
    guest('192.168.64.7'),
  ]);
  expect(await proven()).toBe('192.168.64.7');
  finish();
});

test('`ip` takes the lease as it is, unless the guest has said something else in this boot', async () => {
  const plain = running([UNAME, listing({ lab: 'running' }), says(PLAIN, '192.168.64.7')]);
  await rusta(plain.app, 'ip lab');
  expect(plain.streams[1]).toBe('192.168.64.7\n');
  plain.finish();
  const moved = running([
    ...[says(PLAIN, '192.168.64.7'), guest('192.168.64.7')],
    ...[UNAME, listing({ lab: 'running' }), says(PLAIN, '192.168.64.9'), guest('192.168.64.8')],
  ]);
  await moved.proven();
  await rusta(moved.app, 'ip lab');
  expect(moved.streams[1]).toBe('192.168.64.8\n');
  moved.finish();
});

test('an address at which nobody answers is asked about again', async () => {
  const same = running([guest('192.168.64.7')]);
  expect(await findOtherAddress(same.app, 'lab', '192.168.64.7')).toBeUndefined();
  const other = running([guest('192.168.64.8')]);
  expect(await findOtherAddress(other.app, 'lab', '192.168.64.7')).toBe('192.168.64.8');
  const silent = running([SILENT, says(PLAIN, '192.168.64.9')]);
  expect(await findOtherAddress(silent.app, 'lab', '192.168.64.7')).toBe('192.168.64.9');
  silent.finish();
});

test('a lease that another VM has proven to be its own is none, though the agent is silent', async () => {
  const { app, finish } = running([
    ...[says('tart ip web', '192.168.64.9'), { ...guest('192.168.64.9'), call: /^tart exec web / }],
    ...[says(PLAIN, '192.168.64.9'), SILENT, none(`${PLAIN} --resolver agent`), says(`${PLAIN} --resolver arp`, '192.168.64.7'), SILENT],
  ]);
  mkdirSync(join(app.paths.tartHome, 'vms/web'));
  app.pids.write('web', process.pid);
  const both = { ...app, processes: { ...app.processes, isAlive: () => true } };
  const proven = (vm: string) => awaitAddress(both, { vm, wait: WAITS.ip, proof: 'needed' });
  expect(await proven('web')).toBe('192.168.64.9');
  expect(await proven('lab')).toBe('192.168.64.7');
  finish();
});

test('`ip` asks the guest about the address of another VM', async () => {
  const { app, streams, finish } = running([
    ...[says('tart ip web', '192.168.64.9'), { ...guest('192.168.64.9'), call: /^tart exec web / }],
    ...[UNAME, listing({ lab: 'running', web: 'running' }), says(PLAIN, '192.168.64.9'), guest('192.168.64.7')],
  ]);
  mkdirSync(join(app.paths.tartHome, 'vms/web'));
  app.pids.write('web', process.pid);
  const both = { ...app, processes: { ...app.processes, isAlive: () => true } };
  await awaitAddress(both, { vm: 'web', wait: WAITS.ip, proof: 'needed' });
  await rusta(both, 'ip lab');
  expect(streams[1]).toBe('192.168.64.7\n');
  finish();
});
