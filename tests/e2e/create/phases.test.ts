import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { KnobsPatch } from '../../sandbox/knobs.ts';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { killAll, processesOf } from '../../sandbox/processes.ts';
import type { Started } from '../../sandbox/spawn.ts';
import { PATIENCE_MS, waitUntil } from '../../sandbox/wait.ts';
import { RUSTA, SIGNAL_CODES, SIGNALS } from '../rusta.ts';
import { commands, readState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

interface Phase {
  readonly name: string;
  /** What a failure leaves: nothing, a stopped VM with this phase on record, or one that is complete. */
  readonly leaves: 'nothing' | 'booting' | 'provisioning' | 'all';
  readonly failing?: KnobsPatch;
  readonly hanging: KnobsPatch;
  /** The hanging program is at work. */
  readonly reached: () => boolean;
}

const fault = (program: string, how: 'exit' | 'hang', ...args: string[]): KnobsPatch => ({
  faults: [{ program, args, do: how, ...(how === 'exit' ? { stderr: `Error: ${program} says no\n` } : {}) }],
});
const called = (program: string, text: string) => () => commands(mac, program).some((line) => line.includes(text));

const PHASES: readonly Phase[] = [
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
    reached: () => mac.events().some(({ event }) => event === 'locked'),
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

const clones = () => commands(mac, 'tart').filter((line) => line.startsWith('clone')).length;
const healthy: KnobsPatch = { faults: [], behavior: { agent: 'up', bootError: undefined, ignoresShutdown: false } };

async function begin(phase: Phase): Promise<Started> {
  mac.configure(phase.hanging);
  const create = mac.start(RUSTA, ['create', 'lab', '--cpus', '2']);
  await waitUntil(`${phase.name} to be reached`, phase.reached, PATIENCE_MS, () => create.stdout + create.stderr);
  return create;
}

/** What is left is what the message says, and no process. */
async function checkLeft({ leaves }: Phase, stderr: string): Promise<void> {
  await waitUntil('the end of all processes', () => processesOf(mac.root).length === 0);
  if (leaves === 'nothing') {
    expect(stderr).toContain("Nothing is left of VM 'lab'.");
    expect(mac.vm('lab').exists).toBe(false);
    expect((readState(mac) ?? '').trim()).toBe('');
    return;
  }
  if (leaves === 'all') {
    expect(stderr).toContain("VM 'lab' is complete and stopped. 'rusta up lab' starts it.");
    checkWhole();
    return;
  }
  expect(stderr).toContain("VM 'lab' is stopped and was kept, with all that was done so far. Go on with 'rusta create lab --resume'");
  expect(mac.vm('lab')).toMatchObject({ exists: true, isRunning: false });
  expect(readState(mac)).toContain(`setup = "${leaves}"`);
}

/** A create that is not told to go on neither lies nor clobbers. */
async function checkRefused(phase: string): Promise<void> {
  const before = clones();
  const refused = await mac.rusta(['create', 'lab']);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain(`VM 'lab' already exists but is not complete: its creation stopped while ${phase}`);
  expect(clones()).toBe(before);
}

async function checkResumed(): Promise<void> {
  const before = clones();
  expect(await mac.rusta(['create', 'lab', '--resume'])).toMatchObject({ code: 0, stderr: '' });
  expect(clones()).toBe(before);
  checkWhole();
}

async function checkStartedOver(): Promise<void> {
  expect(await mac.rusta(['delete', 'lab', '-y'])).toMatchObject({ code: 0, stderr: '' });
  expect(await mac.rusta(['create', 'lab', '--cpus', '2'])).toMatchObject({ code: 0, stderr: '' });
  checkWhole();
}

function checkWhole(): void {
  expect(readState(mac)).toBe('[vms.lab]\ngui = false\nflags = [ "--cpus", "2" ]\n');
  expect(mac.vm('lab')).toMatchObject({ exists: true, isRunning: false, config: { cpuCount: 2 } });
}

describe.each(PHASES)('while $name', (phase) => {
  test.each(SIGNALS)('%s, while the program hangs', async (signal) => {
    const create = await begin(phase);
    create.kill(signal);
    const { code, stderr } = await create.exited;
    expect(code).toBe(SIGNAL_CODES[signal]);
    expect(stderr).toContain(`[error] interrupted (${signal})`);
    await checkLeft(phase, stderr);
    mac.configure(healthy);
    if (phase.leaves === 'all') return;
    if (phase.leaves === 'nothing') expect(await mac.rusta(['create', 'lab'])).toMatchObject({ code: 0, stderr: '' });
    else if (signal === 'SIGINT') await checkResumed();
    else await checkStartedOver();
  });

  test('kill -9 of rusta', async () => {
    const create = await begin(phase);
    create.kill('SIGKILL');
    await create.exited;
    mac.configure(healthy);
    // It hangs, and keeps the VM busy as long.
    if (phase.name === 'cloning') await killAll(mac.root);
    if (phase.leaves === 'all') {
      expect(await mac.rusta(['down', 'lab'])).toMatchObject({ code: 0 });
      checkWhole();
      return;
    }
    const exists = mac.vm('lab').exists;
    if (!exists) {
      expect(readState(mac)).toContain('setup = "cloning"');
      // Without a VM there is nothing to be clobbered: it is made as it was asked for then, or anew.
      expect(await mac.rusta(['create', 'lab', '--resume'])).toMatchObject({ code: 0, stderr: '' });
      checkWhole();
      return;
    }
    await checkRefused(phase.leaves === 'nothing' ? 'cloning' : phase.leaves);
    expect(await mac.rusta(['create', 'lab', '--resume'])).toMatchObject({ code: 0, stderr: '' });
    checkWhole();
  });

  const { failing } = phase;
  // Nothing that fails keeps a guest from being shut down: the power button is the last resort.
  if (failing === undefined) return;
  test('a program that fails', async () => {
    mac.configure(failing);
    const { code, stderr } = await mac.rusta(['create', 'lab', '--cpus', '2']);
    expect(code).toBe(1);
    expect(stderr).toContain('[error] ');
    expect(stderr.trimEnd().split('\n').at(-1)).toContain("'rusta create lab ");
    await checkLeft(phase, stderr);
    mac.configure(healthy);
    if (phase.leaves === 'nothing') {
      expect(await mac.rusta(['create', 'lab', '--cpus', '2'])).toMatchObject({ code: 0, stderr: '' });
      checkWhole();
      return;
    }
    await checkRefused(phase.leaves);
    await checkResumed();
  });
});

test('a clone that cannot be undone is not said to be gone, and --resume starts it over', async () => {
  const no = (verb: string) => ({ program: 'tart', args: [verb], do: 'exit', stderr: `Error: no ${verb}\n` }) as const;
  mac.configure({ faults: [no('set'), no('delete')] });
  const { code, stderr } = await mac.rusta(['create', 'lab', '--cpus', '2']);
  expect(code).toBe(1);
  expect(stderr).toContain("[warn] the unfinished VM 'lab' could not be removed: 'tart delete' failed (exit 1): Error: no delete");
  expect(stderr).toEndWith("Go on with 'rusta create lab --resume', or remove what is left: rusta delete lab\n");
  mac.configure(healthy);
  await checkRefused('cloning');
  expect(await mac.rusta(['create', 'lab', '--resume'])).toMatchObject({ code: 0, stderr: '' });
  checkWhole();
});

test('a script that does not end is ended by its bound', async () => {
  mac.configure(fault('guest:apt-get', 'hang', '-y'));
  const { code, stderr } = await mac.rusta(['create', 'lab'], { env: { RUSTA_PROVISION_TIMEOUT: '1' } });
  expect(code).toBe(1);
  // How far it comes within a second is a matter of the machine.
  expect(stderr).toMatch(/provisioning VM 'lab' failed (in step \d of \d, .*|before its first step): it did not end within 1 s/);
  expect(stderr).toContain("Go on with 'rusta create lab --resume'");
  expect(mac.vm('lab')).toMatchObject({ exists: true, isRunning: false });
});
