import { expect, test } from 'bun:test';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac } from '../sandbox/mac.ts';
import { TEST_MS, waitUntil } from '../sandbox/wait.ts';
import { heldBack, holdBack, letGo } from './hold-back.ts';

const COMES_WITHIN_MS = 3_000;
const USERS = 'Host mine\n  HostName example.org\n';
const NAMES = ['lab', 'other'] as const;

test(
  'when docker-setup runs twice at once, then both aliases and both contexts are whole, beside what the user has',
  async () => {
    await using mac = await createMac();
    mkdirSync(join(mac.home, '.ssh'), { mode: 0o700 });
    writeFileSync(join(mac.home, '.ssh/config'), USERS);
    for (const name of NAMES) await mac.addVm(name, { running: true });
    // Whoever makes keys second, if anybody does, has them ready only when the other's are in use.
    holdBack(mac, 'ssh-keygen');
    const setups = NAMES.map((name) => mac.rusta(['docker-setup', name], { timeoutMs: TEST_MS }));
    await waitUntil('both to make keys', () => heldBack(mac).length === NAMES.length, COMES_WITHIN_MS).catch(() => {});
    letGo(mac, heldBack(mac)[0]);
    await Promise.race(setups);
    letGo(mac);
    const results = await Promise.all(setups);
    expect(results.filter(({ code }) => code !== 0)).toEqual([]);
    // With the keys in place the rest of both goes on side by side.
    for (const name of NAMES) await mac.run('docker', ['context', 'rm', '-f', `docker-${name}`]);
    writeFileSync(join(mac.home, '.ssh/config'), USERS);
    const again = await Promise.all(NAMES.map((name) => mac.rusta(['docker-setup', name], { timeoutMs: TEST_MS })));
    expect(again.filter(({ code }) => code !== 0)).toEqual([]);
    const config = readFileSync(join(mac.home, '.ssh/config'), 'utf8');
    for (const name of NAMES) {
      const block = config.split(`# >>> rusta docker-${name} >>>`)[1]?.split(`# <<< rusta docker-${name} <<<\n`)[0] ?? '';
      expect(block).toContain(`\nHost docker-${name}\n  HostName ${mac.vm(name).address}\n`);
      expect(block).toEndWith('Match all\n');
      expect(await mac.run('docker', ['context', 'inspect', `docker-${name}`])).toMatchObject({ code: 0 });
    }
    expect(config).toEndWith(USERS);
    expect(config.match(/^Host /gm)).toHaveLength(NAMES.length + 1);
    // One pair of keys, of which both halves belong together, and that both guests know.
    const key = readFileSync(join(mac.home, '.ssh/id_ed25519.pub'), 'utf8').trim();
    const { stdout } = await mac.run('ssh-keygen', ['-y', '-f', join(mac.home, '.ssh/id_ed25519')]);
    expect(key).toStartWith(stdout.trim());
    for (const name of NAMES)
      expect(readFileSync(join(mac.vm(name).guest, 'home/admin/.ssh/authorized_keys'), 'utf8')).toContain(stdout.trim());
  },
  TEST_MS,
);
