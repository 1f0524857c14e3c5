/** The phases of a creation: how each is made to fail or hang, and what must be left of it. */
import { expect } from 'bun:test';
import type { KnobsPatch } from '../../../sandbox/knobs.ts';
import type { Mac } from '../../../sandbox/mac.ts';
import { untilAllEnd } from '../../../sandbox/processes.ts';
import type { Started } from '../../../sandbox/spawn.ts';
import { PATIENCE_MS, waitUntil } from '../../../sandbox/wait.ts';
import { RUSTA } from '../../rusta.ts';
import { commands, readState } from '../../state.ts';

export interface Phase {
  readonly name: string;
  /** What a failure leaves: nothing, a stopped VM with this phase on record, or one that is complete. */
  readonly leaves: 'nothing' | 'booting' | 'provisioning' | 'all';
  readonly failing?: KnobsPatch;
  readonly hanging: KnobsPatch;
  /** The hanging program is at work. */
  readonly reached: (mac: Mac) => boolean;
}

export const fault = (program: string, how: 'exit' | 'hang', ...args: string[]): KnobsPatch => ({
  faults: [{ program, args, do: how, ...(how === 'exit' ? { stderr: `Error: ${program} says no\n` } : {}) }],
});
const called = (program: string, text: string) => (mac: Mac) => commands(mac, program).some((line) => line.includes(text));

export const PHASES: readonly Phase[] = [
  {
    name: 'cloning',
    leaves: 'nothing',
    failing: fault('tart', 'exit', 'clone'),
    hanging: fault('tart', 'hang', 'clone'),
    reached: called('tart', 'clone'),
  },
  {
    name: 'sizing',
    leaves: 'nothing',
    failing: fault('tart', 'exit', 'set'),
    hanging: fault('tart', 'hang', 'set'),
    reached: called('tart', 'set lab'),
  },
  {
    name: 'booting',
    leaves: 'booting',
    failing: { behavior: { bootError: 'Error Domain=VZErrorDomain Code=1' } },
    hanging: { behavior: { agent: 'never' } },
    reached: (mac) => mac.events().some(({ event }) => event === 'locked'),
  },
  {
    name: 'uploading the script',
    leaves: 'provisioning',
    failing: fault('tart', 'exit', 'exec', '-i'),
    hanging: fault('tart', 'hang', 'exec', '-i'),
    reached: called('tart', 'exec -i'),
  },
  {
    name: 'provisioning',
    leaves: 'provisioning',
    failing: fault('guest:apt-get', 'exit', '-y'),
    hanging: fault('guest:apt-get', 'hang', '-y'),
    reached: called('guest:apt-get', 'update'),
  },
  {
    name: 'shutting down',
    leaves: 'all',
    hanging: { behavior: { ignoresShutdown: true } },
    reached: called('guest:shutdown', '-h now'),
  },
];

const clones = (mac: Mac) => commands(mac, 'tart').filter((line) => line.startsWith('clone')).length;
export const healthy: KnobsPatch = { faults: [], behavior: { agent: 'up', bootError: undefined, ignoresShutdown: false } };

export async function begin(mac: Mac, phase: Phase): Promise<Started> {
  mac.configure(phase.hanging);
  const create = mac.start(RUSTA, ['create', 'lab', '--cpus', '2']);
  await waitUntil(
    `${phase.name} to be reached`,
    () => phase.reached(mac),
    PATIENCE_MS,
    () => create.stdout + create.stderr,
  );
  return create;
}

/** What is left is what the message says, and no process. */
export async function checkLeft(mac: Mac, { leaves }: Phase, stderr: string): Promise<void> {
  await untilAllEnd(mac.root);
  if (leaves === 'nothing') {
    expect(stderr).toContain("Nothing is left of VM 'lab'.");
    expect(mac.vm('lab').exists).toBe(false);
    expect((readState(mac) ?? '').trim()).toBe('');
    return;
  }
  if (leaves === 'all') {
    expect(stderr).toContain("VM 'lab' is complete and stopped. 'rusta up lab' starts it.");
    checkWhole(mac);
    return;
  }
  expect(stderr).toContain("VM 'lab' is stopped and was kept, with all that was done so far. Go on with 'rusta create lab --resume'");
  expect(mac.vm('lab')).toMatchObject({ exists: true, isRunning: false });
  expect(readState(mac)).toContain(`setup = "${leaves}"`);
}

/** A create that is not told to go on neither lies nor clobbers. */
export async function checkRefused(mac: Mac, phase: string): Promise<void> {
  const before = clones(mac);
  const refused = await mac.rusta(['create', 'lab']);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain(`VM 'lab' already exists but is not complete: its creation stopped while ${phase}`);
  expect(clones(mac)).toBe(before);
}

export async function checkResumed(mac: Mac): Promise<void> {
  const before = clones(mac);
  expect(await mac.rusta(['create', 'lab', '--resume'])).toMatchObject({ code: 0, stderr: '' });
  expect(clones(mac)).toBe(before);
  checkWhole(mac);
}

export function checkWhole(mac: Mac): void {
  expect(readState(mac)).toBe('[vms.lab]\ngui = false\nflags = [ "--cpus", "2" ]\n');
  expect(mac.vm('lab')).toMatchObject({ exists: true, isRunning: false, config: { cpuCount: 2 } });
}
