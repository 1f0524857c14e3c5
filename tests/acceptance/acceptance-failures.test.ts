/** Runs that fail, are interrupted or do not begin. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUSTA } from '../e2e/rusta.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { openTerminal } from '../sandbox/terminal.ts';
import { accept, acceptanceArgv, ENV, leftovers, NOTHING, readItem } from './script.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

describe('what is broken fails its item, and the command', () => {
  /** A program in place of rusta: this, and else the real one. */
  const broken = (line: string) => {
    const path = join(mac.root, 'broken-rusta');
    writeFileSync(path, `#!/bin/sh\n${line}\nexec '${RUSTA}' "$@"\n`, { mode: 0o755 });
    return ['--rusta', path];
  };

  test.each([
    ['an exit code', '[ "$1" = default ] && exit 0', 18, "'broken-rusta default' ends with 1; it ended with 0"],
    ['a text', '[ "$#" = 0 ] && exit 0', 1, "'broken-rusta' says Usage: rusta <command>"],
    ['a signal', '[ "$#" = 0 ] && kill -9 $$', 1, "'broken-rusta' ends with 0; it ended by SIGKILL"],
    ['Tart called on a wrong host', 'tart list > /dev/null', 28, 'tart was never started'],
  ])('%s', async (_, line, number, reason) => {
    const { code, stdout } = await accept(mac, [...broken(line), '--only', String(number)]);
    expect(code).toBe(1);
    expect(stdout).toEndWith('\n0 passed, 1 failed, 29 skipped\n');
    expect(readItem(mac, number)).toMatchObject({ verdict: 'fail', reason: expect.stringContaining(reason) });
    expect(readItem(mac, 30)?.reason ?? '').toBe(number === 30 ? '' : 'not among those of --only');
    expect(await leftovers(mac)).toEqual(NOTHING);
  });

  test('a VM that never boots, and the items that need it, each with the reason', async () => {
    mac.configure({ behavior: { agent: 'never' } });
    const { code, stdout } = await accept(mac, ['--only', '1,7,11'], { RUSTA_AGENT_TIMEOUT: '1' });
    expect(code).toBe(1);
    expect(stdout).toEndWith('\n1 passed, 2 failed, 27 skipped\n');
    for (const number of [7, 11]) expect(readItem(mac, number)?.reason).toMatch(/waited \d+ s for the guest agent/);
    expect(await leftovers(mac)).toEqual(NOTHING);
  });
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends the run, with evidence and without VMs', async (signal) => {
  mac.configure({ behavior: { agent: 'never' } });
  const run = mac.start(process.execPath, acceptanceArgv(mac, '--yes', '--only', '1,7'), { env: ENV });
  await mac.event('locked');
  run.kill(signal);
  const { code, stdout } = await run.exited;
  expect(code).toBe(signal === 'SIGINT' ? 130 : 143);
  expect(stdout).toEndWith('\n1 passed, 0 failed, 29 skipped\n');
  expect(readItem(mac, 7)).toMatchObject({ verdict: 'skipped', reason: `interrupted (${signal})` });
  expect(await leftovers(mac)).toEqual(NOTHING);
});

describe('it does not begin', () => {
  const refused = async (message: string) => {
    const { code, stdout, stderr } = await accept(mac, ['--only', '1']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`[error] ${message}`);
  };

  test('without Tart', async () => {
    mac.without('tart');
    await refused('tart is not on PATH');
  });

  test('while a VM of the user runs', async () => {
    await mac.addVm('mine', { running: true });
    await refused("VM 'mine' is running");
    expect(mac.vm('mine').isRunning).toBe(true);
  });

  test('with a VM of such a name, or what a killed run left', async () => {
    await mac.addVm('rusta-acceptance-0-lab');
    await refused("there is a VM 'rusta-acceptance-0-lab' already");
    mkdirSync(join(mac.home, '.rusta-acceptance-0'));
    await refused('an earlier run was killed and left ~/.rusta-acceptance-0');
  });

  test('unless somebody says yes', async () => {
    const unasked = await mac.run(process.execPath, acceptanceArgv(mac, '--only', '1'), { env: ENV });
    expect(unasked).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('nothing was done') });
    for (const [answer, code] of [
      ['n\r', 1],
      ['y\r', 0],
    ] as const) {
      await using terminal = openTerminal(mac, process.execPath, acceptanceArgv(mac, '--only', '1'), { env: ENV });
      await terminal.waitFor('[y/N]');
      terminal.type(answer);
      expect((await terminal.exited).code).toBe(code);
    }
    expect(await leftovers(mac)).toEqual(NOTHING);
  });
});
