import { afterEach, beforeEach, expect, test } from 'bun:test';
import { commands, readState } from '../e2e/state.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { TEST_MS } from '../sandbox/wait.ts';

const TEN = Array.from({ length: 10 }, (_, index) => index);

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

const create = (name: string, ...more: string[]) =>
  mac.rusta(['create', name, ...more], { timeoutMs: TEST_MS, env: { RUSTA_AGENT_TIMEOUT: '90' } });
const clones = () => commands(mac, 'tart').filter((line) => line.startsWith('clone'));

test(
  'when ten VMs are created at once, then all creates succeed',
  async () => {
    const names = TEN.map((n) => `lab${n}`);
    const results = await Promise.all(names.map((name, n) => create(name, '--cpus', String(n + 1))));
    expect(results.filter(({ code }) => code !== 0)).toEqual([]);
    expect(names.map((name) => mac.vm(name).exists && !mac.vm(name).isRunning)).toEqual(names.map(() => true));
    expect(names.map((name) => mac.vm(name).config.cpuCount)).toEqual(TEN.map((n) => n + 1));
    const { vms } = Bun.TOML.parse(readState(mac) ?? '') as { vms: unknown };
    expect(vms).toEqual(Object.fromEntries(names.map((name, n) => [name, { gui: false, flags: ['--cpus', String(n + 1)] }])));
  },
  TEST_MS,
);

test('when a VM vanishes while tart clones another, then the clone is tried again', async () => {
  const stderr = 'Error: The file “config.json” couldn’t be opened because there is no such file.';
  mac.configure({ faults: [{ program: 'tart', args: ['clone'], times: 1, do: 'exit', code: 1, stderr }] });
  expect(await create('lab')).toMatchObject({ code: 0, stderr: '' });
  expect(clones()).toHaveLength(2);
});

test.each([
  ['of one name', TEN.map(() => 'lab')],
  ['of names that macOS does not tell apart', TEN.map((n) => (n % 2 === 0 ? 'Lab' : 'lab'))],
])(
  'when ten creates %s run at once, then one makes its VM, and the others change nothing',
  async (_, names) => {
    const results = await Promise.all(names.map((name, n) => create(name, '--cpus', String(n + 1))));
    const made = results.flatMap(({ stdout }, n) => (stdout.includes('Cloning') ? [n] : []));
    expect(made).toHaveLength(1);
    const [winner = -1] = made;
    const name = names[winner] ?? '';
    expect(results[winner]).toMatchObject({ code: 0 });
    expect(clones()).toEqual([`clone ghcr.io/cirruslabs/ubuntu:24.04 ${name}`]);
    expect(mac.vm(name).config.cpuCount).toBe(winner + 1);
    expect(readState(mac)?.trim()).toBe(`[vms.${name}]\ngui = false\nflags = [ "--cpus", "${winner + 1}" ]`);
    const busy = new RegExp(`^\\[error\\] VM '(L|l)ab' is busy: 'rusta create ${name} \\(pid \\d+\\)' is at work on it\\n`);
    const late = /^\[skip\] VM '(L|l)ab' already exists\n/;
    const otherCase = new RegExp(`^\\[error\\] VM '${name}' already exists, and macOS does not tell`);
    const losers = results.filter((_result, n) => n !== winner);
    const untold = losers.filter(({ code, stdout, stderr }) =>
      code === 0 ? !late.test(stdout) : !(code === 1 && (busy.test(stderr) || otherCase.test(stderr))),
    );
    expect(untold).toEqual([]);
  },
  TEST_MS,
);
