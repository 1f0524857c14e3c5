import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mac } from '../../sandbox/mac.ts';
import { cannotRun, inGuest, rustaOk, STEP_MS, TEST_MS } from '../guest.ts';
import { dockerSetup, onDockerLab, plantSshConfig, wired } from './lab.ts';

setDefaultTimeout(TEST_MS);

/** Where Docker is set up: logins with its key, the password and an agent. Each test begins with what the one before left. */
describe.skipIf(cannotRun())('docker-setup with a real engine, sshd and docker CLI (spec 10, item 25)', () => {
  let mac: Mac;
  onDockerLab(async (lab) => {
    ({ mac } = lab);
    plantSshConfig(mac);
    expect(await setup()).toMatchObject({ code: 0 });
  });
  const setup = () => dockerSetup(mac);

  test('the key is enough where the password was changed in the guest', async () => {
    await inGuest(mac, 'lab', "echo 'admin:other' | chpasswd");
    expect(await rustaOk(mac, 'ssh', 'lab', '--', 'id', '-un')).toBe('admin\n');
    expect(await setup()).toMatchObject({ code: 0 });
    expect(await rustaOk(mac, 'ssh-copy', 'lab')).toContain('id_ed25519');
  });

  test('an agent with more keys than a server listens to does not get in the way', async () => {
    await using agent = await startAgent(mac, 8);
    const env = { SSH_AUTH_SOCK: agent.socket };
    expect(await mac.rusta(['ssh', 'lab', '--', 'id', '-un'], { env, timeoutMs: STEP_MS })).toMatchObject({ code: 0, stdout: 'admin\n' });
    await inGuest(mac, 'lab', "echo 'admin:admin' | chpasswd && : > /home/admin/.ssh/authorized_keys");
    const again = await mac.rusta(['docker-setup', 'lab'], { env, timeoutMs: STEP_MS });
    expect(again).toMatchObject({ code: 0 });
    expect((await mac.run('docker', ['--context', 'docker-lab', 'version'], { env, timeoutMs: STEP_MS })).code).toBe(0);
    expect((await wired(mac)).guest).toMatch(/\n1\n$/);
  });

  test('a key that would ask for its passphrase is left out, the password serves, and an agent brings the key back', async () => {
    const key = join(mac.home, '.ssh/id_ed25519');
    const change = async (from: string, to: string) =>
      expect((await mac.run('ssh-keygen', ['-q', '-p', '-P', from, '-N', to, '-f', key])).code).toBe(0);
    await change('', 'a b');
    const started = performance.now();
    const login = await mac.rusta(['ssh', 'lab', '--', 'id', '-un'], { timeoutMs: STEP_MS });
    expect(login).toMatchObject({ code: 0, stdout: 'admin\n', stderr: expect.stringContaining('no ssh agent holds it: logging in') });
    expect(await mac.rusta(['ssh-copy', 'lab'], { timeoutMs: STEP_MS })).toMatchObject({ code: 0 });
    expect(await setup()).toMatchObject({ code: 1, stderr: expect.stringContaining(`Run 'ssh-add ${key}'`) });
    expect(performance.now() - started).toBeLessThan(STEP_MS);
    expect((await wired(mac)).guest).toMatch(/\n1\n$/);
    expect(await mac.rusta(['ssh', 'lab', '--', 'id', '-un'], { timeoutMs: STEP_MS })).toMatchObject({ code: 0, stderr: '' });

    await using agent = await startAgent(mac, 0);
    const answer = join(mac.root, 'answer');
    writeFileSync(answer, '#!/bin/sh\necho "a b"\n', { mode: 0o755 });
    const env = { SSH_AUTH_SOCK: agent.socket };
    const added = await mac.run('ssh-add', ['-q', key], { env: { ...env, SSH_ASKPASS: answer, SSH_ASKPASS_REQUIRE: 'force' } });
    expect(added).toMatchObject({ code: 0 });
    expect(await mac.rusta(['docker-setup', 'lab'], { env, timeoutMs: STEP_MS })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Docker on VM 'lab' is ready"),
    });
    const keys = await mac.rusta(['ssh', 'lab', '--password', 'wrong', '--', 'id', '-un'], { env, timeoutMs: STEP_MS });
    expect(keys).toMatchObject({ code: 0, stdout: 'admin\n', stderr: '' });
    await change('a b', '');
  });
});

/** A real ssh-agent that holds so many keys of no use here. */
async function startAgent(mac: Mac, keys: number) {
  const socket = join(mac.root, 'agent.sock');
  const agent = mac.start('ssh-agent', ['-D', '-a', socket]);
  // Its socket is there before it listens; then it says who it is.
  await agent.waitFor('Agent pid');
  for (let key = 0; key < keys; key += 1) {
    const file = join(mac.root, `key${key}`);
    await mac.run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
    expect((await mac.run('ssh-add', ['-q', file], { env: { SSH_AUTH_SOCK: socket } })).code).toBe(0);
  }
  return {
    socket,
    [Symbol.asyncDispose]: async () => {
      agent.kill();
      await agent.exited;
    },
  };
}
