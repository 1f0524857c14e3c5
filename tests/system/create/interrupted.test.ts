import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { RUSTA } from '../../e2e/rusta.ts';
import { ours, readState } from '../../e2e/state.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { processesOf } from '../../sandbox/processes.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { waitUntil } from '../../sandbox/wait.ts';
import { cannotRun, installedOf, lastShutdownWasClean, rustaOk, STEP_MS, systemMac, TEST_MS } from '../guest.ts';

setDefaultTimeout(TEST_MS);
const PACKAGES = ['spice-vdagent', 'spice-webdavd', 'curl', 'wget', 'git'];

describe.skipIf(cannotRun())('create, interrupted on a guest that really installs packages', () => {
  let mac: Mac;
  beforeEach(async () => {
    mac = await systemMac();
  });
  afterEach(() => mac?.[Symbol.asyncDispose]());

  /** Resolves when that line of the provisioning has come. */
  const provisioned = (line: string) => {
    const log = ours(mac, 'provision/lab.log');
    return waitUntil(`'${line}' in the provisioning log`, () => existsSync(log) && readFileSync(log, 'utf8').includes(line), STEP_MS);
  };

  // Before dpkg is at work, and twice amid its work: it then refuses everything until it may finish what it began.
  test.each(['>>> [5/8]', 'Unpacking spice-vdagent', 'Setting up git'])('by Ctrl-C at "%s", goes on with --resume', async (line) => {
    await using terminal = openTerminal(mac, RUSTA, ['create', 'lab']);
    await provisioned(line);
    terminal.press('ctrl-c');
    expect((await terminal.exited).code).toBe(130);
    expect(terminal.screen).toContain("Go on with 'rusta create lab --resume'");
    expect(mac.vm('lab')).toMatchObject({ exists: true, isRunning: false });
    expect(readState(mac)).toContain('setup = "provisioning"');
    expect(processesOf(mac.root)).toEqual([]);

    const resumed = await rustaOk(mac, 'create', 'lab', '--resume');
    expect(resumed).toContain("[ok] VM 'lab' is ready");
    expect((readState(mac) ?? '').trim()).toBe('[vms.lab]\ngui = false');
    expect(mac.calls('tart').filter(({ args }) => args[0] === 'clone')).toHaveLength(1);
    await rustaOk(mac, 'up', 'lab');
    expect(await installedOf(mac, 'lab', PACKAGES)).toEqual(PACKAGES);
    expect(await lastShutdownWasClean(mac, 'lab')).toBe(true);
  });

  test('with a package cut off amid its unpacking, goes on with --resume', async () => {
    await using terminal = openTerminal(mac, RUSTA, ['create', 'lab']);
    await provisioned('>>> [5/8]');
    terminal.press('ctrl-c');
    expect((await terminal.exited).code).toBe(130);
    await mac.rusta(['up', 'lab'], { timeoutMs: STEP_MS });
    // As dpkg notes it before it unpacks.
    const cut = `/^Package: curl$/,/^Status:/ s/^Status: .*/Status: install reinstreq half-installed/`;
    const script = `(sudo apt-get update && sudo apt-get install -y curl) > /dev/null 2>&1; sudo sed -i '${cut}' /var/lib/dpkg/status; sudo dpkg --audit`;
    const audit = (await mac.rusta(['ssh', 'lab', '--', script], { timeoutMs: STEP_MS })).stdout;
    expect(audit).toContain('reinstalled');
    await mac.rusta(['down', 'lab'], { timeoutMs: STEP_MS });
    await rustaOk(mac, 'create', 'lab', '--resume');
    await rustaOk(mac, 'up', 'lab');
    expect(await installedOf(mac, 'lab', PACKAGES)).toEqual(PACKAGES);
  });

  test('by kill -9, leaves a running VM, which --resume shuts down first', async () => {
    const create = mac.start(RUSTA, ['create', 'lab']);
    await provisioned('Unpacking spice-vdagent');
    create.kill('SIGKILL');
    await create.exited;
    expect(mac.vm('lab').isRunning).toBe(true);
    const resumed = await mac.rusta(['create', 'lab', '--resume'], { timeoutMs: STEP_MS });
    expect(resumed).toMatchObject({ code: 0, stdout: expect.stringContaining("which the stopped 'rusta create' left running") });
    await rustaOk(mac, 'up', 'lab');
    expect(await installedOf(mac, 'lab', PACKAGES)).toEqual(PACKAGES);
  });
});
