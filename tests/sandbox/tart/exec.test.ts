import { describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasEnded } from '../processes.ts';
import { openTerminal } from '../terminal.ts';
import { waitUntil } from '../wait.ts';
import { exec, lost, running, tart } from './calls.ts';

describe('exit codes', () => {
  test.each([0, 1, 2, 3, 64, 255])('the code of the guest: %d', async (code) => {
    await using mac = await running();
    expect(await exec(mac, 'sh', '-c', `exit ${code}`)).toEqual({ code, signal: null, stdout: '', stderr: '' });
  });

  test('a death by signal is 255; no such program is 1, with a gRPC error; not running is 2', async () => {
    await using mac = await running();
    expect((await exec(mac, 'sh', '-c', 'kill -9 $$')).code).toBe(255);
    const absent = 'Error: unknown (2): exec: "foo": executable file not found in $PATH\n';
    expect(await exec(mac, 'foo')).toMatchObject({ code: 1, stderr: absent });
    expect((await exec(mac, '/no/such')).stderr).toBe('Error: unknown (2): fork/exec /no/such: no such file or directory\n');
    await mac.vm('lab').powerOff();
    expect(await exec(mac, 'true')).toMatchObject({ code: 2, stderr: 'VM "lab" is not running\n' });
  });

  test('a stream that ends without an exit event is 0', async () => {
    await using mac = await running({ knobs: { behavior: { losesExit: true } } });
    expect(await exec(mac, 'sh', '-c', 'echo done; exit 7')).toMatchObject({ code: 0, stdout: 'done\n' });
  });

  test('power loss in the middle is an unavailable transport', async () => {
    await using mac = await running();
    const cut = mac.start('tart', ['exec', 'lab', 'sh', '-c', 'echo before; sleep 60']);
    await cut.waitFor('before\n');
    expect((await tart(mac, 'stop', 'lab')).code).toBe(0);
    expect(await cut.exited).toMatchObject({ ...lost, stdout: 'before\n' });
    expect(mac.vm('lab').isRunning).toBe(false);
  });

  test('an exec of some command may be what the power goes off at', async () => {
    await using mac = await running({ knobs: { behavior: { lossDuringExec: { of: 'power', after: 30, command: 'sleep' } } } });
    expect((await exec(mac, 'true')).code).toBe(0);
    expect(await exec(mac, 'sleep', '60')).toMatchObject(lost);
    await waitUntil('the end of run', () => !mac.vm('lab').isRunning);
  });

  test('shutdown takes its own exec with it, or returns first', async () => {
    await using mac = await running();
    expect(await exec(mac, 'sudo', 'shutdown', '-h', 'now')).toMatchObject(lost);
    // Long enough for the answer to arrive on a loaded machine.
    mac.configure({ behavior: { shutdownReturns: true }, timing: { shutdown: 2_000 } });
    await mac.addVm('two', { running: true });
    expect((await tart(mac, 'exec', 'two', 'sudo', 'poweroff')).code).toBe(0);
    await mac.event('guest-off', 'two');
  });

  test('a guest may ignore shutdown', async () => {
    await using mac = await running({ knobs: { behavior: { ignoresShutdown: true } } });
    expect((await exec(mac, 'sudo', 'shutdown', '-h', 'now')).code).toBe(0);
    expect((await exec(mac, 'true')).code).toBe(0);
  });
});

describe('the command', () => {
  test('arrives word by word, -- included; no shell', async () => {
    await using mac = await running();
    expect((await exec(mac, 'printf', '%s|', 'a b', '*', '$HOME', '')).stdout).toBe('a b|*|$HOME||');
    expect((await exec(mac, '--', 'ls')).stderr).toContain('exec: "--": executable file not found');
  });

  test('has the environment of a service: admin, no TERM', async () => {
    await using mac = await running();
    expect((await exec(mac, 'sh', '-c', 'echo $USER; id -un')).stdout).toBe('admin\nadmin\n');
    // Asked without a shell: bash as `sh`, which it is on a Mac, makes up a TERM for itself.
    expect((await exec(mac, 'env')).stdout).not.toMatch(/^TERM=/m);
  });

  test('keeps stdout and stderr apart', async () => {
    await using mac = await running();
    expect(await exec(mac, 'sh', '-c', 'echo out; echo err >/dev/stderr')).toMatchObject({ stdout: 'out\n', stderr: 'err\n' });
  });

  test('reads nothing without -i, all bytes with it, from a pipe or a file', async () => {
    await using mac = await running();
    const bytes = crypto.getRandomValues(new Uint8Array(60_000));
    const data = new Uint8Array(3_000_000).map((_, at) => bytes[at % bytes.length] ?? 0);
    const hash = createHash('sha256').update(data).digest('hex');
    expect((await mac.run('tart', ['exec', 'lab', 'wc', '-c'], { stdin: data })).stdout.trim()).toBe('0');
    expect((await mac.run('tart', ['exec', '-i', 'lab', 'sha256sum'], { stdin: data })).stdout).toStartWith(hash);
    writeFileSync(join(mac.home, 'upload'), data);
    expect((await mac.run('sh', ['-c', 'tart exec -i lab sh -c "cat > /tmp/upload" < upload'])).code).toBe(0);
    expect(
      createHash('sha256')
        .update(readFileSync(join(mac.vm('lab').guest, 'tmp/upload')))
        .digest('hex'),
    ).toBe(hash);
  });

  test('may leave its input unread', async () => {
    await using mac = await running();
    expect((await mac.run('tart', ['exec', '-i', 'lab', 'true'], { stdin: new Uint8Array(1_000_000) })).code).toBe(0);
  });

  test('is over only when everyone has let go of its output', async () => {
    await using mac = await running();
    expect((await exec(mac, 'sh', '-c', '(sleep 0.3; echo late) & echo early')).stdout).toBe('early\nlate\n');
  });

  test('is killed when exec is interrupted', async () => {
    await using mac = await running();
    const started = mac.start('tart', ['exec', 'lab', 'sh', '-c', 'echo $$ > /tmp/pid; echo up; exec sleep 60']);
    await started.waitFor('up');
    started.kill('SIGINT');
    expect((await started.exited).code).toBe(1);
    const pid = Number(readFileSync(join(mac.vm('lab').guest, 'tmp/pid'), 'utf8'));
    await waitUntil('the guest command to die', () => hasEnded(mac.root, pid));
  });
});

describe('-t', () => {
  test('crashes without a terminal on stdout', async () => {
    await using mac = await running();
    expect(await mac.run('tart', ['exec', '-t', 'lab', 'true'])).toMatchObject({
      signal: 'SIGTRAP',
      stderr: expect.stringContaining('Fatal error'),
    });
  });

  test('gives the guest a terminal of the same size, and passes keys on', async () => {
    await using mac = await running();
    await using session = openTerminal(mac, 'tart', ['exec', '-it', 'lab', 'sh', '-c', 'stty size; read x; echo "got $x"'], {
      cols: 90,
      rows: 33,
    });
    await session.waitFor('33 90');
    session.type('word');
    session.press('enter');
    await session.waitFor('got word');
    expect(await session.exited).toEqual({ code: 0, signal: null });
  });
});
