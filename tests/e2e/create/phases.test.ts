/** Signals in each phase of a creation. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { SIGNAL_CODES, SIGNALS } from '../rusta.ts';
import { begin, checkLeft, checkResumed, checkWhole, healthy, PHASES } from './helpers/phases.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

async function checkStartedOver(): Promise<void> {
  expect(await mac.rusta(['delete', 'lab', '-y'])).toMatchObject({ code: 0, stderr: '' });
  expect(await mac.rusta(['create', 'lab', '--cpus', '2'])).toMatchObject({ code: 0, stderr: '' });
  checkWhole(mac);
}

describe.each(PHASES)('while $name', (phase) => {
  test.each(SIGNALS)('%s, while the program hangs', async (signal) => {
    const create = await begin(mac, phase);
    create.kill(signal);
    const { code, stderr } = await create.exited;
    expect(code).toBe(SIGNAL_CODES[signal]);
    expect(stderr).toContain(`[error] interrupted (${signal})`);
    await checkLeft(mac, phase, stderr);
    mac.configure(healthy);
    if (phase.leaves === 'all') return;
    if (phase.leaves === 'nothing') expect(await mac.rusta(['create', 'lab'])).toMatchObject({ code: 0, stderr: '' });
    else if (signal === 'SIGINT') await checkResumed(mac);
    else await checkStartedOver();
  });
});
