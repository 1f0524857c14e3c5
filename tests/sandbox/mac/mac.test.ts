import { describe, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac } from '../mac.ts';
import { processesOf } from '../processes.ts';
import { openTerminal } from '../terminal.ts';

describe('createMac', () => {
  test('leaves no process and no folder, however detached', async () => {
    const mac = await createMac();
    await mac.addVm('lab', { running: true });
    mac.start('tart', ['exec', 'lab', 'sh', '-c', 'setsid sh -c "sleep 100" >/dev/null 2>&1 </dev/null & echo up; sleep 100']);
    await mac.event('agent-up', 'lab');
    expect(processesOf(mac.root).length).toBeGreaterThan(2);
    await mac[Symbol.asyncDispose]();
    expect(processesOf(mac.root)).toEqual([]);
    expect(existsSync(mac.root)).toBe(false);
  });

  test('its PATH has nothing of the host that the stand-ins play', async () => {
    const programs = ['tart', 'brew', 'sshpass', 'docker', 'ssh', 'scp', 'ssh-copy-id'] as const;
    await using mac = await createMac({ without: programs });
    for (const program of programs) expect(Bun.which(program, { PATH: mac.env['PATH'] ?? '' })).toBeNull();
  });

  test('sockets fit: its root is short', async () => {
    await using mac = await createMac();
    expect(join(mac.root, 'machines/1234567/agent.sock').length).toBeLessThan(60);
  });

  test('records every start in order, with arguments as they came and a choice of the environment', async () => {
    await using mac = await createMac();
    await mac.run('uname', ['-m']);
    await mac.run('tart', ['list', '--format', 'a b'], { env: { CI: '1', HOMEBREW_NO_AUTO_UPDATE: '1', PRIVATE: 'x' } });
    expect(mac.calls().map(({ program, args }) => [program, args])).toEqual([
      ['uname', ['-m']],
      ['tart', ['list', '--format', 'a b']],
    ]);
    const [call] = mac.calls('tart');
    expect(Object.keys(call?.env ?? {}).sort()).toEqual(['CI', 'HOMEBREW_NO_AUTO_UPDATE', 'TART_HOME', 'TERM']);
  });
});

describe('faults', () => {
  test('strike by program and leading arguments, after so many, so often', async () => {
    await using mac = await createMac();
    mac.configure({ faults: [{ program: 'tart', args: ['list'], after: 1, times: 2, do: 'exit', code: 9, stderr: 'broken\n' }] });
    const codes: (number | null)[] = [];
    for (let i = 0; i < 5; i++) codes.push((await mac.run('tart', ['list', '-q'])).code);
    expect(codes).toEqual([0, 9, 9, 0, 0]);
    expect((await mac.run('tart', ['--version'])).code).toBe(0);
  });

  test('every kind', async () => {
    await using mac = await createMac();
    mac.configure({ faults: [{ program: 'uname', do: 'signal', signal: 'SIGSEGV' }] });
    expect((await mac.run('uname', ['-m'])).signal).toBe('SIGSEGV');
    mac.configure({ faults: [{ program: 'uname', do: 'garbage' }] });
    expect(await mac.run('uname', ['-m'])).toMatchObject({ code: 0, stdout: expect.stringContaining('\u0000') });
    mac.configure({ faults: [{ program: 'uname', do: 'megabytes' }] });
    expect((await mac.run('uname', ['-m'])).stdout.length).toBe(8 * 1024 * 1024);
    mac.configure({ faults: [{ program: 'tart', do: 'partial', stdout: '[\n  { "Name" : "la' }] });
    expect(await mac.run('tart', ['list', '--format', 'json'])).toMatchObject({ code: 0, stdout: '[\n  { "Name" : "la' });
    mac.configure({ faults: [{ program: 'uname', do: 'hang', stdout: 'hanging' }] });
    const hanging = mac.start('uname', ['-m']);
    await hanging.waitFor('hanging');
    hanging.kill();
    expect((await hanging.exited).signal).toBe('SIGTERM');
  });
});

describe('docker, uname', () => {
  test('uname says what the knob says', async () => {
    await using mac = await createMac();
    expect((await mac.run('uname', ['-m'])).stdout).toBe('arm64\n');
    mac.configure({ machine: 'x86_64' });
    expect((await mac.run('uname', ['-m'])).stdout).toBe('x86_64\n');
  });

  test('docker contexts are kept', async () => {
    await using mac = await createMac();
    const docker = (...args: string[]) => mac.run('docker', args);
    const create = () => docker('context', 'create', 'docker-lab', '--docker', 'host=ssh://admin@docker-lab');
    expect(await create()).toMatchObject({ code: 0, stdout: 'docker-lab\n' });
    expect(await create()).toMatchObject({ code: 1, stderr: 'context "docker-lab" already exists\n' });
    expect((await docker('context', 'ls', '--format', '{{.Name}}')).stdout).toBe('default\ndocker-lab\n');
    const inspect = await docker('context', 'inspect', 'docker-lab', '--format', '{{.Endpoints.docker.Host}}');
    expect(inspect.stdout).toBe('ssh://admin@docker-lab\n');
    await docker('context', 'update', 'docker-lab', '--docker', 'host=ssh://me@docker-lab');
    expect((await docker('context', 'inspect', 'docker-lab')).stdout).toContain('ssh:\\/\\/me@docker-lab');
    expect((await docker('context', 'rm', '-f', 'docker-lab')).code).toBe(0);
    expect((await docker('context', 'inspect', 'docker-lab')).code).toBe(1);
  });
});

describe('terminal', () => {
  test('is a real one: size, resizing, Ctrl-C, end of input', async () => {
    await using mac = await createMac();
    await using session = openTerminal(mac, 'sh', ['-c', 'trap "stty size" WINCH; stty size; while :; do sleep 0.05; done'], {
      cols: 70,
      rows: 20,
    });
    await session.waitFor('20 70');
    session.resize(50, 10);
    await session.waitFor('10 50');
    // Not a shell that waits for a program: bash, which is sh on a Mac, loses a Ctrl-C at the moment when the program ends.
    await using plain = openTerminal(mac, 'sh', ['-c', 'echo ready; exec cat']);
    await plain.waitFor('ready');
    plain.press('ctrl-c');
    expect((await plain.exited).signal).toBe('SIGINT');
    await using reader = openTerminal(mac, 'sh', ['-c', 'cat; echo over']);
    reader.type('a line\r');
    await reader.waitFor('a line');
    reader.press('ctrl-d');
    await reader.waitFor('over');
    expect(await reader.exited).toEqual({ code: 0, signal: null });
  });

  test('what came together with what was waited for can be waited for next', async () => {
    await using mac = await createMac();
    await using session = openTerminal(mac, 'sh', ['-c', 'echo one two; read word']);
    await session.waitFor('one');
    await session.waitFor(/ two$/m);
  });

  test('closing it sends SIGHUP', async () => {
    await using mac = await createMac();
    const session = openTerminal(mac, 'sh', ['-c', 'trap "echo hup > told; exit 3" HUP; echo ready; while :; do sleep 0.05; done']);
    await session.waitFor('ready');
    session.close();
    expect((await session.exited).code).toBe(3);
    expect(readFileSync(join(mac.home, 'told'), 'utf8')).toBe('hup\n');
  });
});
