import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { appendFileSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { RUSTA } from '../rusta.ts';
import { ours } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

/** Runs a pipeline of bash; the exit codes of all its programs come last on stderr. */
async function pipeline(line: string) {
  const script = `${line.replaceAll('rusta', '"$0"')}; echo "codes \${PIPESTATUS[*]}" >&2`;
  // The Mac's own programs come first; readers are those of the machine that the tests run on.
  const result = await mac.run('/bin/bash', ['-c', script, RUSTA], { env: { PATH: `${mac.env['PATH']}:/usr/bin:/bin` } });
  const [, stderr = '', codes = ''] = /^([\s\S]*)codes ([\d ]+)\n$/.exec(result.stderr) ?? [];
  return { stdout: result.stdout, stderr, codes };
}

describe('a reader that has gone', () => {
  test.each(['rusta --help', 'rusta completions bash', 'rusta list 2>&1', 'rusta create --help', 'rusta image list 2>&1'])(
    'of %s is no error',
    async (line) => {
      expect(await pipeline(`${line} | head -n 1`)).toMatchObject({ codes: '0 0', stderr: '' });
      expect(await pipeline(`${line} | true`)).toMatchObject({ codes: '0 0', stderr: '' });
    },
  );

  test.each([
    ['before there is a line', 'true', ''],
    ['after the first line', 'head -n 1', 'first\n'],
    ['that waits for a word', 'grep -m 1 READY', 'READY\n'],
  ])('ends logs -f, %s', async (_, reader, stdout) => {
    await mac.addVm('lab');
    await mac.rusta(['up', 'lab']);
    if (stdout !== '') appendFileSync(ours(mac, 'run/lab.log'), stdout);
    expect(await pipeline(`rusta logs lab -f | ${reader}`)).toEqual({ codes: '0 0', stderr: '', stdout });
    expect(mac.vm('lab').isRunning).toBe(true);
  });

  test('ends a wait whose answer it does not want any more', async () => {
    await mac.addVm('lab', { running: true });
    mac.configure({ faults: [{ program: 'tart', args: ['ip'], do: 'exit', code: 1, stderr: 'no IP address found' }] });
    expect(await pipeline('rusta ip lab | true')).toEqual({ codes: '0 0', stderr: '', stdout: '' });
  });

  test.each(['out', 'err'])('of what rusta passes on for a program, std%s: it ends too, and the log stops growing', async (stream) => {
    await mac.addVm('lab', { running: true });
    const redirect = stream === 'out' ? '' : '2>&1 >/dev/null';
    const remote = stream === 'out' ? 'yes' : 'yes >&2';
    const { codes, stdout } = await pipeline(`rusta --log x.log ssh lab -- '${remote}' ${redirect} | tail -n +2 | head -n 1`);
    expect(stdout).toBe('y\n');
    expect(codes).not.toStartWith('0 ');
    const size = statSync(join(mac.home, 'x.log')).size;
    await Bun.sleep(300);
    expect(statSync(join(mac.home, 'x.log')).size).toBe(size);
  });

  test('of a program that prints nothing ends it within a second, and its code is that of a broken pipe', async () => {
    await mac.addVm('lab', { running: true });
    const started = performance.now();
    for (const log of ['', '--log x.log'])
      expect(await pipeline(`rusta ${log} ssh lab -- 'sleep 60' | true`)).toMatchObject({ codes: '141 0' });
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test('ends work as an interrupt does: cleaned up, and said', async () => {
    // Tart takes an interrupt between two parts of the download.
    mac.configure({ timing: { pull: 4_000 } });
    const { codes, stdout, stderr } = await pipeline('rusta --verbose create lab | head -n 4');
    expect({ codes, stdout: stdout.split('\n')[3] }).toEqual({ codes: '141 0', stdout: '0%' });
    expect(stderr).toContain('[error] interrupted: nobody reads the output any more\n');
    expect(stderr).toContain("Nothing is left of VM 'lab'");
    expect(existsSync(join(mac.tartHome, 'vms', 'lab'))).toBe(false);
  });

  test('of stderr alone keeps nobody from work', async () => {
    await mac.addVm('lab');
    expect(await pipeline('rusta --verbose up lab 2> >(true)')).toMatchObject({ codes: '0' });
    expect(mac.vm('lab').isRunning).toBe(true);
  });
});

describe.skipIf(!existsSync('/dev/full'))('a full disk', () => {
  test.each(['--help', '--version', 'help up', 'completions bash', 'completions --help', 'list', 'source', '__complete -- up'])(
    'where the output of rusta %s goes: exit 1 and why',
    async (line) => {
      await mac.addVm('lab');
      expect(await pipeline(`rusta ${line} >/dev/full`)).toEqual({
        codes: '1',
        stdout: '',
        stderr: '[error] standard output cannot be written: ENOSPC (the disk is full)\n',
      });
    },
  );

  test('and the answer is that there is none: it is an error on stderr, and no stack', async () => {
    const stderr = '[error] no default set\nstandard output cannot be written: ENOSPC (the disk is full)\n';
    expect(await pipeline('rusta default >/dev/full')).toEqual({ codes: '1', stdout: '', stderr });
  });

  test('rusta up ends at once, and does not go on as long as the VM', async () => {
    await mac.addVm('lab');
    const stderr = '[error] standard output cannot be written: ENOSPC (the disk is full)\n';
    expect(await pipeline('rusta up lab >/dev/full')).toEqual({ codes: '1', stdout: '', stderr });
  });

  test('and under --json it is said once', async () => {
    const { codes, stderr } = await pipeline('rusta version --json >/dev/full');
    const message = 'standard output cannot be written: ENOSPC (the disk is full)';
    expect({ codes, said: JSON.parse(stderr) }).toEqual({ codes: '1', said: { event: 'error', message } });
  });
});
