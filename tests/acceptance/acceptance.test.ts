import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { RUSTA } from '../e2e/rusta.ts';
import { startWorld } from '../registry/world.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { processesOf } from '../sandbox/processes.ts';
import { openTerminal } from '../sandbox/terminal.ts';
import { TEST_MS } from '../sandbox/wait.ts';
import type { Evidence, Result } from './evidence.ts';

const SCRIPT = join(import.meta.dir, '../scripts/acceptance.ts');
const CATALOGUE = { 'cirruslabs/ubuntu': ['24.04', '26.04', 'latest'], 'cirruslabs/ubuntu-desktop': ['24.04'] };

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

/** Bun's own cache would be the one thing left in the home folder. */
const ENV = { BUN_RUNTIME_TRANSPILER_CACHE_PATH: '0' };
const json = () => join(mac.root, 'evidence.json');
const argv = (...args: string[]) => [SCRIPT, '--rusta', RUSTA, '--json', json(), ...args];
const accept = (args: readonly string[], env: Record<string, string> = {}) =>
  mac.run(process.execPath, argv('--yes', ...args), { env: { ...ENV, ...env }, timeoutMs: TEST_MS });
const readEvidence = (): Evidence => JSON.parse(readFileSync(json(), 'utf8'));
const item = (number: number): Result | undefined => readEvidence().items.find((each) => each.number === number);
/** What is left of the run on the Mac: files of its home, VMs, processes. */
const leftovers = async () => ({
  home: readdirSync(mac.home),
  vms: (await mac.run('tart', ['list', '--source', 'local', '--quiet'])).stdout,
  processes: processesOf(mac.root),
});
const NOTHING = { home: [], vms: '', processes: [] };

test(
  'what goes beyond the checklist is run where it is named',
  async () => {
    expect(await accept(['--only', '31'])).toMatchObject({ code: 0 });
    expect(item(31)).toMatchObject({ verdict: 'pass', notes: [expect.stringMatching(/^at the address: \d+ MB\/s$/), expect.anything()] });
    expect(await leftovers()).toEqual(NOTHING);
  },
  TEST_MS,
);

test(
  'all 30 items pass, are told with complete evidence, and leave nothing behind',
  async () => {
    await using registry = await startWorld({ kind: 'double', catalogue: CATALOGUE });
    const { code, stdout, stderr } = await accept([], registry.env);
    expect({ code, stderr: stderr.match(/^.*fail.*\n.*/gm) }).toEqual({ code: 0, stderr: null });
    expect(stdout).toEndWith(`evidence: ${json()}\n30 passed, 0 failed\n`);
    expect(stdout.match(/^ ?\d+ {2}pass .+ s {2}\S.+$/gm)).toHaveLength(30);
    const evidence = readEvidence();
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
    for (const number of [4, 8, 14, 18, 20, 22]) expect(item(number)?.steps.some(({ typed }) => typed !== undefined)).toBe(true);
    for (const number of [9, 15, 16, 28, 29]) expect(item(number)?.notes).toHaveLength(1);
    expect(await leftovers()).toEqual(NOTHING);
  },
  TEST_MS,
);

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
    const { code, stdout } = await accept([...broken(line), '--only', String(number)]);
    expect(code).toBe(1);
    expect(stdout).toEndWith('\n0 passed, 1 failed, 29 skipped\n');
    expect(item(number)).toMatchObject({ verdict: 'fail', reason: expect.stringContaining(reason) });
    expect(item(30)?.reason ?? '').toBe(number === 30 ? '' : 'not among those of --only');
    expect(await leftovers()).toEqual(NOTHING);
  });

  test('a VM that never boots, and the items that need it, each with the reason', async () => {
    mac.configure({ behavior: { agent: 'never' } });
    const { code, stdout } = await accept(['--only', '1,7,11'], { RUSTA_AGENT_TIMEOUT: '1' });
    expect(code).toBe(1);
    expect(stdout).toEndWith('\n1 passed, 2 failed, 27 skipped\n');
    for (const number of [7, 11]) expect(item(number)?.reason).toContain('waited 1 s for the guest agent');
    expect(await leftovers()).toEqual(NOTHING);
  });
});

test('passwords that a program prints are not in the evidence', async () => {
  const path = join(mac.root, 'talkative-rusta');
  writeFileSync(path, `#!/bin/sh\necho "$TART_REGISTRY_PASSWORD from https://me:word@proxy.example:1"\nexec '${RUSTA}' "$@"\n`, {
    mode: 0o755,
  });
  expect(await accept(['--only', '1', '--rusta', path], { TART_REGISTRY_PASSWORD: 'a-secret-of-the-user' })).toMatchObject({ code: 0 });
  expect(item(1)?.steps[0]?.stdout).toStartWith('*** from https://***@proxy.example:1\nUsage: rusta');
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends the run, with evidence and without VMs', async (signal) => {
  mac.configure({ behavior: { agent: 'never' } });
  const run = mac.start(process.execPath, argv('--yes', '--only', '1,7'), { env: ENV });
  await mac.event('locked');
  run.kill(signal);
  const { code, stdout } = await run.exited;
  expect(code).toBe(signal === 'SIGINT' ? 130 : 143);
  expect(stdout).toEndWith('\n1 passed, 0 failed, 29 skipped\n');
  expect(item(7)).toMatchObject({ verdict: 'skipped', reason: `interrupted (${signal})` });
  expect(await leftovers()).toEqual(NOTHING);
});

test('--quick leaves out what takes hours, and says so', async () => {
  expect(await accept(['--quick', '--only', '1,6,25'])).toMatchObject({ code: 0 });
  for (const number of [6, 25]) expect(item(number)).toMatchObject({ verdict: 'skipped', reason: expect.stringContaining('--quick') });
});

describe('it does not begin', () => {
  const refused = async (message: string) => {
    const { code, stdout, stderr } = await accept(['--only', '1']);
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
    const unasked = await mac.run(process.execPath, argv('--only', '1'), { env: ENV });
    expect(unasked).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('nothing was done') });
    for (const [answer, code] of [
      ['n\r', 1],
      ['y\r', 0],
    ] as const) {
      await using terminal = openTerminal(mac, process.execPath, argv('--only', '1'), { env: ENV });
      await terminal.waitFor('[y/N]');
      terminal.type(answer);
      expect((await terminal.exited).code).toBe(code);
    }
    expect(await leftovers()).toEqual(NOTHING);
  });
});
