import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUSTA, SIGNAL_CODES } from '../e2e/rusta.ts';
import { ours } from '../e2e/state.ts';
import type { Fault } from '../sandbox/fault.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { untilAllEnd } from '../sandbox/processes.ts';
import { openTerminal } from '../sandbox/terminal.ts';
import { waitUntil } from '../sandbox/wait.ts';
import { wasKilledOutright, wasShutDown } from './run.ts';

/** Commands that boot a VM themselves, and the program that hangs when the signals come. */
const OWNERS = [
  ['create lab', { program: 'guest:apt-get', do: 'hang' }],
  ['ssh-copy lab', { program: 'ssh', do: 'hang' }],
  ['docker-setup lab', { program: 'guest:curl', do: 'hang' }],
] as const satisfies readonly (readonly [string, Fault])[];
const PAIRS = [
  ['SIGINT', 'SIGINT'],
  ['SIGTERM', 'SIGTERM'],
  ['SIGINT', 'SIGTERM'],
  ['SIGHUP', 'SIGTERM'],
  ['SIGTERM', 'SIGHUP'],
] as const;

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  mkdirSync(join(mac.home, '.ssh'), { mode: 0o700 });
  writeFileSync(join(mac.home, '.ssh/cloud.pem'), 'a key\n', { mode: 0o600 });
});
afterEach(() => mac[Symbol.asyncDispose]());

async function prepare([line, fault]: (typeof OWNERS)[number]): Promise<string[]> {
  if (!line.startsWith('create')) await mac.addVm('lab');
  mac.configure({ faults: [fault] });
  return line.split(' ');
}

const hanging = ({ program }: Fault) => waitUntil(`${program} to hang`, () => mac.calls(program).length > 0);

async function expectOff(): Promise<void> {
  await untilAllEnd(mac.root);
  expect(existsSync(ours(mac, 'run/lab.pid'))).toBe(false);
  expect(mac.vm('lab')).toMatchObject({ exists: true, isRunning: false });
}

describe.each(OWNERS)('rusta %s, whose guest does not heed the power button', (line, fault) => {
  test.each(PAIRS)('when %s is followed by %s, then the second cuts its power at once', async (first, second) => {
    mac.configure({ behavior: { ignoresPowerButton: true } });
    const rusta = mac.start(RUSTA, await prepare([line, fault] as (typeof OWNERS)[number]));
    await hanging(fault);
    rusta.kill(first);
    await rusta.waitFor("Stopping VM 'lab' ...");
    rusta.kill(second);
    expect((await rusta.exited).code).toBe(SIGNAL_CODES[first]);
    // Without the second, it would have been given its time, and then been stopped by a milder signal, which it heeds.
    expect(wasKilledOutright(mac)).toBe(true);
    await expectOff();
  });
});

describe.each(OWNERS)('rusta %s, whose guest takes its time to shut down', (line, fault) => {
  beforeEach(() => mac.configure({ timing: { shutdown: 1_000 } }));

  test('when Ctrl-C is pressed twice, then its power is cut', async () => {
    mac.configure({ behavior: { ignoresPowerButton: true } });
    await using terminal = openTerminal(mac, RUSTA, await prepare([line, fault] as (typeof OWNERS)[number]));
    await hanging(fault);
    terminal.press('ctrl-c');
    await terminal.waitFor("Stopping VM 'lab' ... (Ctrl-C again cuts its power)");
    terminal.press('ctrl-c');
    expect((await terminal.exited).code).toBe(130);
    expect(wasKilledOutright(mac)).toBe(true);
    await expectOff();
  });

  test('when SIGHUP comes again and again, then it counts once, and the guest may shut down', async () => {
    const rusta = mac.start(RUSTA, await prepare([line, fault] as (typeof OWNERS)[number]));
    await hanging(fault);
    rusta.kill('SIGHUP');
    await rusta.waitFor("Stopping VM 'lab' ...");
    rusta.kill('SIGHUP');
    rusta.kill('SIGHUP');
    expect((await rusta.exited).code).toBe(129);
    expect(wasShutDown(mac)).toBe(true);
    await expectOff();
  });

  // The kernel tells the foreground, and so does the shell when it hears of it.
  test('when the window of an interactive shell is closed, then the guest may shut down', async () => {
    const args = await prepare([line, fault] as (typeof OWNERS)[number]);
    await using terminal = openTerminal(mac, 'bash', ['--norc', '--noprofile', '-i']);
    terminal.type(`${[RUSTA, ...args].join(' ')}\r`);
    await hanging(fault);
    terminal.close();
    await waitUntil('tart run to end', () => !mac.vm('lab').isRunning);
    expect(wasShutDown(mac)).toBe(true);
    await expectOff();
  });
});
