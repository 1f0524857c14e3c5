/** kill -9 of rusta in each phase of a creation, and programs that fail in it. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { killAll } from '../../sandbox/processes.ts';
import { readState } from '../state.ts';
import { begin, checkLeft, checkRefused, checkResumed, checkWhole, fault, healthy, PHASES } from './helpers/phases.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

describe.each(PHASES)('while $name', (phase) => {
  test('kill -9 of rusta', async () => {
    const create = await begin(mac, phase);
    create.kill('SIGKILL');
    await create.exited;
    mac.configure(healthy);
    // It hangs, and keeps the VM busy as long.
    if (phase.name === 'cloning') await killAll(mac.root);
    if (phase.leaves === 'all') {
      expect(await mac.rusta(['down', 'lab'])).toMatchObject({ code: 0 });
      checkWhole(mac);
      return;
    }
    const exists = mac.vm('lab').exists;
    if (!exists) {
      expect(readState(mac)).toContain('setup = "cloning"');
      // Without a VM there is nothing to be clobbered: it is made as it was asked for then, or anew.
      expect(await mac.rusta(['create', 'lab', '--resume'])).toMatchObject({ code: 0, stderr: '' });
      checkWhole(mac);
      return;
    }
    await checkRefused(mac, phase.leaves === 'nothing' ? 'cloning' : phase.leaves);
    expect(await mac.rusta(['create', 'lab', '--resume'])).toMatchObject({ code: 0, stderr: '' });
    checkWhole(mac);
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
    await checkLeft(mac, phase, stderr);
    mac.configure(healthy);
    if (phase.leaves === 'nothing') {
      expect(await mac.rusta(['create', 'lab', '--cpus', '2'])).toMatchObject({ code: 0, stderr: '' });
      checkWhole(mac);
      return;
    }
    await checkRefused(mac, phase.leaves);
    await checkResumed(mac);
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
  await checkRefused(mac, 'cloning');
  expect(await mac.rusta(['create', 'lab', '--resume'])).toMatchObject({ code: 0, stderr: '' });
  checkWhole(mac);
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
