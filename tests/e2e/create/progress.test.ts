import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { showOn } from '../../sandbox/screen.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { RUSTA } from '../rusta.ts';
import { ours } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

const STEPS = [
  '[1/8] Setting the clock',
  '[2/8] Stopping background updates',
  '[3/8] Waiting for cloud-init and other package managers',
  '[4/8] Giving the VM an identity of its own',
  '[5/8] Refreshing the package lists',
  '[6/8] Setting up parallel downloads',
  '[7/8] Installing spice-vdagent, spice-webdavd, curl, wget, git',
  '[8/8] Starting the SPICE agent',
];
/** What differs from run to run. */
const withoutTimes = (text: string) => text.replace(/^( {5}time {3}).*$/gm, '$1how long');
const WHOLE = ['Cloning ghcr.io/cirruslabs/ubuntu:24.04', "Booting VM 'lab' to provision it", ...STEPS, "Shutting VM 'lab' down"];
const NEXT = "[ok] VM 'lab' is ready: 'rusta up lab' starts it, 'rusta ssh lab' opens a shell";
const SUMMARY = [
  '     image  ghcr.io/cirruslabs/ubuntu:24.04',
  '     size   6 CPUs, 8192 MB of memory, 80 GB of disk',
  '     screen none',
  '     login  admin / admin',
  '     log    rusta logs lab --provision',
  '     time   how long',
];
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f]/;

/** The screen after each redraw and each line: what a user could see. */
function frames(columns: number, output: string) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: where the product takes its line away
  const ends = [...output.matchAll(/\n|(?=\r\x1b\[K)/g)].map(({ index, 0: text }) => index + text.length);
  return [...ends, output.length].map((end) => showOn(columns, output.slice(0, end)));
}

describe('on a terminal', () => {
  test.each([80, 120])('%i columns wide, steps are listed and the running one is redrawn, never torn', async (cols) => {
    mac.configure({ timing: { pull: 1_200 } });
    await using terminal = openTerminal(mac, RUSTA, ['create', 'lab'], { cols });
    expect(await terminal.exited).toEqual({ code: 0, signal: null });
    const last = showOn(cols, terminal.output);
    expect(last.lines.map((line) => withoutTimes(line).replace(/ \(\d+ s\)$/, ''))).toEqual([
      ...WHOLE.map((title) => `[ok] ${title}`),
      ...SUMMARY,
      NEXT,
    ]);
    expect(last.hidden).toBe(false);
    for (const { lines } of frames(cols, terminal.output)) {
      const running = lines.filter((line) => line.startsWith('==>'));
      expect(running.length).toBeLessThanOrEqual(1);
      for (const line of lines) expect(line).toMatch(/^(==>|\[ok\]| {5}\w) ?/);
      for (const line of running) expect(line.length).toBeLessThan(cols - 2);
    }
  });

  test('the download has a percentage', async () => {
    const stdout = 'pulling manifest...\npulling disk (0.6 GB compressed)...\n0%\n50%\n';
    mac.configure({ faults: [{ program: 'tart', args: ['clone'], do: 'hang', stdout }] });
    await using terminal = openTerminal(mac, RUSTA, ['create', 'lab']);
    await terminal.waitFor(/==> \d+ s {2}Cloning \S+ {2}50% of 0\.6 GB/);
  });

  test('a program of the guest has its last word', async () => {
    const stdout = 'Get:7 http://ports.ubuntu.com noble/main arm64 Packages\n';
    mac.configure({ faults: [{ program: 'guest:apt-get', args: ['-y'], do: 'hang', stdout }] });
    await using terminal = openTerminal(mac, RUSTA, ['create', 'lab']);
    await terminal.waitFor(/\[5\/8\] Refreshing the package lists {2}Get:7 http/);
  });

  test('Ctrl-C leaves whole lines and says what is left', async () => {
    mac.configure({ faults: [{ program: 'guest:apt-get', args: ['-y'], do: 'hang' }] });
    await using terminal = openTerminal(mac, RUSTA, ['create', 'lab']);
    await terminal.waitFor('[5/8]');
    terminal.press('ctrl-c');
    expect((await terminal.exited).code).toBe(130);
    const { lines, hidden } = showOn(80, terminal.output.replaceAll(/VM 'lab' is stopped and was kept.*/g, 'KEPT'));
    expect(hidden).toBe(false);
    expect(lines.slice(-5).map((line) => line.replace(/\d+ s\)/, 'n s)'))).toEqual([
      '[ok] [4/8] Giving the VM an identity of its own (n s)',
      '==> [5/8] Refreshing the package lists (stopped after n s)',
      "Stopping VM 'lab' ... (Ctrl-C again cuts its power)",
      '[error] interrupted (SIGINT)',
      'KEPT',
    ]);
  });

  test('a terminal that becomes narrower gets shorter lines', async () => {
    mac.configure({ timing: { pull: 60_000 } });
    await using terminal = openTerminal(mac, RUSTA, ['create', 'lab'], { cols: 100 });
    await terminal.waitFor('0% of 0.6 GB');
    terminal.resize(30, 24);
    await terminal.waitFor(/==> \d s {2}Cloning ghcr\.io\/c…$/);
    terminal.resize(100, 24);
    await terminal.waitFor('Cloning ghcr.io/cirruslabs/ubuntu:24.04');
  });

  test('the log keeps lines, not redraws', async () => {
    const log = join(mac.home, 'run.log');
    await using terminal = openTerminal(mac, RUSTA, ['create', 'lab', '--log', log]);
    expect((await terminal.exited).code).toBe(0);
    const text = readFileSync(log, 'utf8');
    expect(text).not.toMatch(CONTROL);
    for (const title of WHOLE) expect(text).toContain(`==> ${title}\n`);
    expect(text).toContain('Setting up git');
    expect(text).toEndWith(`${NEXT}\n`);
  });

  test.each([{ CI: 'true' }, { TERM: 'dumb' }])('with %p lines stay as they are', async (env) => {
    await using terminal = openTerminal(mac, RUSTA, ['create', 'lab'], { env: { NO_COLOR: '1', ...env } });
    expect((await terminal.exited).code).toBe(0);
    expect(withoutTimes(terminal.output.replaceAll('\r\n', '\n'))).toBe(
      [...WHOLE.map((title) => `==> ${title}`), ...SUMMARY, NEXT, ''].join('\n'),
    );
  });
});

test('--verbose streams what the programs print, on a terminal too (spec 10, item 26)', async () => {
  await using terminal = openTerminal(mac, RUSTA, ['create', 'lab', '--verbose'], { cols: 200, env: { NO_COLOR: '1' } });
  expect((await terminal.exited).code).toBe(0);
  const { lines } = showOn(200, terminal.output);
  for (const line of ['pulling manifest...', '50%', 'Setting up git (1.0) ...', '>>> [5/8] Refreshing the package lists']) {
    expect(lines).toContain(line);
  }
  expect(lines.at(-1)).toBe(NEXT);
});

test('all that the guest printed is kept on the host', async () => {
  await mac.rusta(['create', 'lab']);
  const kept = readFileSync(ours(mac, 'provision/lab.log'), 'utf8');
  for (const title of STEPS) expect(kept).toContain(`>>> ${title}\n`);
  expect(kept).toContain('Setting up git');
  expect(kept).toEndWith('>>> Done\n');
});

test('piped, a line breaks each half minute of silence', async () => {
  mac.configure({ faults: [{ program: 'guest:apt-get', args: ['-y'], do: 'hang', stdout: 'Get:7 noble/main arm64 Packages\n' }] });
  const create = mac.start(RUSTA, ['create', 'lab']);
  await create.waitFor(/^\.\.\. still at it: \[5\/8\] Refreshing the package lists \(3\d s\); Get:7 noble\/main arm64 Packages$/m, 60_000);
  create.kill('SIGINT');
  expect((await create.exited).code).toBe(130);
}, 300_000);
