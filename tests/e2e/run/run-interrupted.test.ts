/** Runs that are ended by Ctrl-C or a signal, and what the next one does with those that were killed. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { RUSTA, SIGNAL_CODES, SIGNALS } from '../rusta.ts';
import { writeState } from '../state.ts';
import { throwAway } from './throw-away.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('base');
});
afterEach(() => mac[Symbol.asyncDispose]());

const { run, vms, checkNothingLeft } = throwAway(() => mac);

describe('on a terminal', () => {
  test('the command has one, and Ctrl-C ends it and not the clean-up', async () => {
    await using terminal = openTerminal(
      mac,
      RUSTA,
      ['run', '--from', 'base', '--', 'test -t 0 && test -t 1 && echo "on $TERM"; sleep 600'],
      {
        env: { TERM: 'xterm-256color' },
      },
    );
    await terminal.waitFor('on xterm-256color');
    terminal.press('ctrl-c');
    expect((await terminal.exited).code).toBe(130);
    await checkNothingLeft();
  });

  test('with its output piped there is none', async () => {
    const line = `"${RUSTA}" run --from base -- 'test -t 1 || echo piped' | cat`;
    await using terminal = openTerminal(mac, '/bin/sh', ['-c', line]);
    await terminal.waitFor('piped');
    expect((await terminal.exited).code).toBe(0);
  });
});

describe.each(SIGNALS)('%s', (signal) => {
  test('amid the command ends it, and nothing is left', async () => {
    const started = mac.start(RUSTA, ['run', '--from', 'base', '--', 'echo begun; sleep 600']);
    await started.waitFor('begun');
    started.kill(signal);
    const { code, stderr } = await started.exited;
    expect({ code, stderr }).toMatchObject({ code: SIGNAL_CODES[signal], stderr: expect.stringContaining(`interrupted (${signal})`) });
    await checkNothingLeft();
  });

  test('while it boots ends it, and nothing is left', async () => {
    mac.configure({ behavior: { agent: 'never' } });
    const started = mac.start(RUSTA, ['run', '--from', 'base', '--', 'true']);
    await started.waitFor('Starting VM');
    started.kill(signal);
    expect((await started.exited).code).toBe(SIGNAL_CODES[signal]);
    await checkNothingLeft();
  });
});

describe('what a killed run has left', () => {
  const orphan = (state: string) => writeState(mac, state);

  test('is removed by the next run, running or not, or only on record', async () => {
    await mac.addVm('run-00000001');
    await mac.addVm('run-00000002', { running: true });
    orphan(
      ['run-00000001', 'run-00000002', 'run-00000003'].map((vm) => `[vms.${vm}]\nsetup = "cloning"\nthrow_away = "${vm}"\n`).join('\n'),
    );
    const { code, stderr } = await run(['true']);
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining("[ok] Deleted VM 'run-00000002'\n") });
    await checkNothingLeft();
  });

  test('is left alone under another name, and where a record cannot be read', async () => {
    await mac.addVm('mine');
    orphan('[vms.mine]\nthrow_away = "run-00000001"\n\n[vms.base]\ngui = false\n\n[vms.odd]\nthrow_away = 3\n');
    expect((await run(['true'])).code).toBe(0);
    expect(await vms()).toEqual(['base', 'mine']);
  });

  test('is nobody’s any more once rusta up has started it', async () => {
    await mac.addVm('run-00000001');
    orphan('[vms.run-00000001]\nthrow_away = "run-00000001"\nuser = "bob"\n');
    expect((await mac.rusta(['up', 'run-00000001'])).code).toBe(0);
    expect((await run(['true'])).code).toBe(0);
    expect(mac.vm('run-00000001').isRunning).toBe(true);
  });

  test('that cannot be removed keeps nobody from running', async () => {
    await mac.addVm('run-00000001');
    orphan('[vms.run-00000001]\nthrow_away = "run-00000001"\n');
    mac.configure({ faults: [{ program: 'tart', args: ['delete', 'run-00000001'], do: 'exit', stderr: 'Error: no\n' }] });
    const { code, stdout, stderr } = await run(['echo ran']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'ran\n' });
    expect(stderr).toContain("[warn] VM 'run-00000001', which a killed 'rusta run' has left, could not be removed: 'tart delete' failed");
  });

  test('is never the VM of a run that lives', async () => {
    const started = mac.start(RUSTA, ['run', '--from', 'base', '--', 'echo begun; sleep 600']);
    await started.waitFor('begun');
    expect((await run(['true'])).code).toBe(0);
    expect(await vms()).toHaveLength(2);
    started.kill('SIGTERM');
    await started.exited;
    await checkNothingLeft();
  });
});
