import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { TEST_MS } from '../../sandbox/wait.ts';
import { RUSTA } from '../rusta.ts';
import { throwAway } from './throw-away.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('base');
});
afterEach(() => mac[Symbol.asyncDispose]());

const { run, vms, checkNothingLeft } = throwAway(() => mac);

describe('a command in a throw-away VM', () => {
  test('has its own stdout, stderr and exit code, and nothing is left', async () => {
    const { code, stdout, stderr } = await run(['echo out; echo err >&2; exit 7']);
    expect({ code, stdout, stderr: stderr.replaceAll(/run-[0-9a-f]{8}/g, 'run-x') }).toEqual({
      code: 7,
      stdout: 'out\n',
      stderr: "==> Copying VM 'base'\n==> Starting VM 'run-x'\nerr\n",
    });
    await checkNothingLeft();
    // Neither ssh nor an address.
    expect(mac.calls().filter(({ program, args }) => program.startsWith('ssh') || args[0] === 'ip')).toEqual([]);
  });

  test('runs in a copy, at home, as the user of the image', async () => {
    writeFileSync(join(mac.vm('base').guest, 'home/admin/of-base'), 'kept\n');
    expect(await run(['cat of-base; echo changed > of-base; whoami'])).toMatchObject({ code: 0, stdout: 'kept\nadmin\n' });
    expect(readFileSync(join(mac.vm('base').guest, 'home/admin/of-base'), 'utf8')).toBe('kept\n');
  });

  test('several words keep their boundaries, one is a command line', async () => {
    expect(await run(['printf', '[%s]', 'a b', '$HOME', '', "it's"])).toMatchObject({ code: 0, stdout: "[a b][$HOME][][it's]" });
    expect(await run(['printf "[%s]" a b'])).toMatchObject({ code: 0, stdout: '[a][b]' });
  });

  test.each([
    [['exit 0'], 0],
    [['exit 255'], 255],
    [['exit', '3'], 127],
    [['no-such-program'], 127],
    [['-x'], 127],
    [['+e'], 127],
    [['no-such-program', 'x'], 127],
    [['/etc/hostname', 'x'], 126],
    [['kill -9 $$'], 137],
    [['kill -TERM $$'], 143],
    [['kill -INT $$'], 130],
  ])('%j ends with %i', async (words, code) => {
    expect((await run(words)).code).toBe(code);
    expect(await vms()).toEqual(['base']);
  });

  test('exit codes come through, those of Tart and of shells too', async () => {
    const codes = [1, 2, 5, 64, 100, 124, 126, 127, 128, 129, 130, 137, 141, 143, 200, 254];
    const ends = await Promise.all(codes.map(async (code) => (await run([`exit ${code}`], { timeoutMs: TEST_MS })).code));
    expect(ends).toEqual(codes);
  }, 300_000);

  test('an exit code that Tart loses is known all the same', async () => {
    mac.configure({ behavior: { losesExit: true } });
    expect((await run(['exit 7'])).code).toBe(7);
  });

  test('it gets stdin, and 50 MB of any bytes come back as they were', async () => {
    const bytes = new Uint8Array(50 * 1024 * 1024);
    for (let at = 0; at < bytes.length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
    writeFileSync(join(mac.home, 'in'), bytes);
    const sum = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
    for (const line of [`"${RUSTA}" run --from base -- cat < in > out`, `cat in | "${RUSTA}" run --from base -- cat | cat > out`]) {
      expect(await mac.run('/bin/bash', ['-o', 'pipefail', '-c', line], { timeoutMs: TEST_MS, cwd: mac.home })).toMatchObject({ code: 0 });
      expect(sum(readFileSync(join(mac.home, 'out')))).toBe(sum(bytes));
    }
  }, 300_000);

  test('--env hands on what is set here, in no argument list and no log', async () => {
    const env = { TOKEN: "s3cret'\n$(id)", EMPTY: '' };
    const log = join(mac.home, 'run.log');
    const flags = ['--env', 'TOKEN', '--env', 'EMPTY', '--verbose', '--log', log];
    const { code, stdout, stderr } = await run(
      ['printf "%s|" "$TOKEN" "$EMPTY"; env | grep -c OTHER'],
      { env: { ...env, OTHER: 'x' } },
      flags,
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: `${env.TOKEN}||0\n` });
    const shown = [stderr, ...mac.calls().map(({ args }) => args.join(' '))].join('\n');
    expect(shown).not.toContain('s3cret');
    expect(readFileSync(log, 'utf8').replace(stdout, '')).not.toContain('s3cret');
  });

  test('--timeout ends it with 124', async () => {
    const { code, stderr } = await run(['echo begun; sleep 600'], {}, ['--timeout', '1s']);
    expect({ code, stderr }).toMatchObject({ code: 124, stderr: expect.stringContaining('[warn] the command did not end within 1 s\n') });
    await checkNothingLeft();
    expect((await run(['exit 3'], {}, ['--timeout', '10m'])).code).toBe(3);
  });

  test('a guest that goes off amid the command is told', async () => {
    const { code, stderr } = await run(['sudo poweroff; sleep 100']);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nobody knows how the command ended: the guest went away'),
    });
    await checkNothingLeft();
  });

  test('a reader that goes ends it', async () => {
    const line = `"${RUSTA}" run --from base -- yes | head -1; echo "\${PIPESTATUS[0]}"`;
    expect(await mac.run('/bin/bash', ['-c', line], { timeoutMs: TEST_MS })).toMatchObject({ stdout: 'y\n141\n' });
    await checkNothingLeft();
  });
});
