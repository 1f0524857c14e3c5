import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { RUSTA } from '../../e2e/rusta.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { cannotRun, STEP_MS, systemMac, TEST_MS } from '../guest.ts';

setDefaultTimeout(TEST_MS);

/** A VM that was only cloned is enough of a source. */
describe.skipIf(cannotRun())('a throw-away VM', () => {
  let mac: Mac;
  beforeAll(async () => {
    mac = await systemMac();
    await mac.addVm('base');
  }, TEST_MS);
  afterAll(() => mac?.[Symbol.asyncDispose]());

  const run = (words: readonly string[], more: { flags?: readonly string[]; env?: Record<string, string>; stdin?: string } = {}) =>
    mac.rusta(['run', '--from', 'base', ...(more.flags ?? []), '--', ...words], { ...more, timeoutMs: STEP_MS });
  const vms = async () => (await mac.run('tart', ['list', '--quiet', '--source', 'local'])).stdout;

  test('runs a command as the user of the image, at home, with root at hand', async () => {
    const { code, stdout } = await run(['whoami; pwd; sudo id -u; cat; systemctl is-system-running --wait > /dev/null; exit 7'], {
      stdin: 'in\n',
    });
    expect({ code, stdout }).toEqual({ code: 7, stdout: 'admin\n/home/admin\n0\nin\n' });
    expect(await vms()).toBe('base\n');
  });

  test('leaves no value of --env in a file or an argument list of the guest', async () => {
    const look = 'echo "$TOKEN"; sudo grep -rls "s3[c]ret" /run /tmp /var /home /proc/[0-9]*/cmdline';
    // The search does not find itself.
    const { stdout } = await run([look], { flags: ['--env', 'TOKEN'], env: { TOKEN: 's3cret' } });
    expect(stdout).toBe('s3cret\n');
  });

  test.each([
    ['kill -9 $$', 137],
    ['no-such-program', 127],
    ['exit 255', 255],
  ])('%s ends with %i', async (line, code) => {
    expect((await run([line])).code).toBe(code);
  });

  test('a terminal knows its kind and its size, and Ctrl-C reaches the command', async () => {
    const argv = ['run', '--from', 'base', '--', 'trap "echo caught; exit 9" INT; echo "$TERM"; stty size; while :; do sleep 0.1; done'];
    await using terminal = openTerminal(mac, RUSTA, argv, { cols: 100, rows: 30, env: { TERM: 'xterm-256color' } });
    await terminal.waitFor(/xterm-256color\s+30 100/, STEP_MS);
    terminal.press('ctrl-c');
    await terminal.waitFor('caught', STEP_MS);
    expect((await terminal.exited).code).toBe(9);
    expect(await vms()).toBe('base\n');
  });

  test('ends when the guest is switched off', async () => {
    const { code, stderr } = await run(['sudo systemctl poweroff; sleep 60']);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('nobody knows how the command ended') });
    expect(await vms()).toBe('base\n');
  });
});
