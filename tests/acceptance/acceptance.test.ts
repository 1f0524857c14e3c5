import { afterEach, beforeEach, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { RUSTA } from '../e2e/rusta.ts';
import { startWorld } from '../registry/world.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { TEST_MS } from '../sandbox/wait.ts';
import { accept, jsonPath, leftovers, NOTHING, readEvidence, readItem } from './script.ts';

const CATALOGUE = { 'cirruslabs/ubuntu': ['24.04', '26.04', 'latest'], 'cirruslabs/ubuntu-desktop': ['24.04'] };

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

test(
  'what goes beyond the checklist is run where it is named',
  async () => {
    expect(await accept(mac, ['--only', '31'])).toMatchObject({ code: 0 });
    expect(readItem(mac, 31)).toMatchObject({
      verdict: 'pass',
      notes: [expect.stringMatching(/^at the address: \d+ MB\/s$/), expect.anything()],
    });
    expect(await leftovers(mac)).toEqual(NOTHING);
  },
  TEST_MS,
);

test(
  'all 30 items pass, are told with complete evidence, and leave nothing behind',
  async () => {
    await using registry = await startWorld({ kind: 'double', catalogue: CATALOGUE });
    const { code, stdout, stderr } = await accept(mac, [], registry.env);
    expect({ code, stderr: stderr.match(/^.*fail.*\n.*/gm) }).toEqual({ code: 0, stderr: null });
    expect(stdout).toEndWith(`evidence: ${jsonPath(mac)}\n30 passed, 0 failed\n`);
    expect(stdout.match(/^ ?\d+ {2}pass .+ s {2}\S.+$/gm)).toHaveLength(30);
    const evidence = readEvidence(mac);
    expect(evidence).toMatchObject({
      schema: 1,
      passed: 30,
      failed: 0,
      skipped: 0,
      leftBehind: [],
      tart: '2.32.1',
      homebrew: 'Homebrew 6.0.1',
      macos: '15.7.3',
    });
    expect(evidence.rusta).toEqual({ path: RUSTA, version: packageJson.version, uuid: expect.any(String) });
    expect(evidence.machine).toStartWith('arm64, ');
    expect(Number.isNaN(Date.parse(evidence.startedAt))).toBe(false);
    expect(evidence.items.map(({ number }) => number)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    for (const { verdict, steps, checks, title } of evidence.items) {
      expect({ title, verdict, steps: steps.length > 0, failed: checks.filter(({ passed }) => !passed) }).toEqual({
        ...{ title, verdict: 'pass', steps: true, failed: [] },
      });
      for (const step of steps) {
        expect(step).toMatchObject({ exitCode: expect.any(Number), stdout: expect.any(String), stderr: expect.any(String) });
        expect(step.argv[0]).toStartWith('/');
        expect(step.seconds).toBeGreaterThan(0);
      }
    }
    const took = evidence.ledger.map((entry) => entry.seconds);
    expect(took.length).toBeGreaterThan(0);
    expect(took).toEqual([...took].sort((one, other) => other - one));
    expect(evidence.ledger[0]).toMatchObject({ item: expect.any(Number), command: expect.stringMatching(/^[\w-]+ /) });
    for (const number of [4, 8, 14, 18, 20, 22]) expect(readItem(mac, number)?.steps.some(({ typed }) => typed !== undefined)).toBe(true);
    for (const number of [9, 15, 16, 28, 29]) expect(readItem(mac, number)?.notes).toHaveLength(1);
    expect(await leftovers(mac)).toEqual(NOTHING);
  },
  TEST_MS,
);

test('passwords that a program prints are not in the evidence', async () => {
  const path = join(mac.root, 'talkative-rusta');
  writeFileSync(path, `#!/bin/sh\necho "$TART_REGISTRY_PASSWORD from https://me:word@proxy.example:1"\nexec '${RUSTA}' "$@"\n`, {
    mode: 0o755,
  });
  expect(await accept(mac, ['--only', '1', '--rusta', path], { TART_REGISTRY_PASSWORD: 'a-secret-of-the-user' })).toMatchObject({
    code: 0,
  });
  expect(readItem(mac, 1)?.steps[0]?.stdout).toStartWith('*** from https://***@proxy.example:1\nUsage: rusta');
});

test('--quick leaves out what takes hours, and says so', async () => {
  expect(await accept(mac, ['--quick', '--only', '1,6,25'])).toMatchObject({ code: 0 });
  for (const number of [6, 25])
    expect(readItem(mac, number)).toMatchObject({ verdict: 'skipped', reason: expect.stringContaining('--quick') });
});
