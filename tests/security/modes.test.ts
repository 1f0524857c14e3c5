import { expect, test } from 'bun:test';
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUSTA } from '../e2e/rusta.ts';
import { ours } from '../e2e/state.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';

/** Paths below the Mac's home that group or others have rights to. */
function open(mac: Mac, ...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    [folder, ...readdirSync(join(mac.home, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))].filter(
      (path) => (statSync(join(mac.home, path)).mode & 0o077) !== 0 && !path.endsWith('.pub'),
    ),
  );
}

/** Everything that leaves files, under a umask. */
async function liveThrough(mac: Mac, umask: string): Promise<void> {
  const log = join(mac.home, 'new.log');
  for (const args of [
    ['--log', log, 'create', 'lab', '--password', 'secret'],
    ['default', 'lab'],
    ['docker-setup', 'lab', '--password', 'admin'],
    ['up', 'lab'],
  ]) {
    const script = `umask ${umask}; exec "$0" "$@"`;
    expect({ args, ...(await mac.run('sh', ['-c', script, RUSTA, ...args])) }).toMatchObject({ args, code: 0 });
  }
  expect(statSync(log).mode & 0o777).toBe(0o600);
}

test.each(['000', '077'])('under umask %s, files of ours and secrets are private', async (umask) => {
  await using mac = await createMac();
  await liveThrough(mac, umask);
  expect(open(mac, '.local/share/rusta', '.ssh')).toEqual([]);
  const names = ['state.toml', 'run/lab.pid', 'run/lab.log', 'run/lab.lock', 'provision/lab.sh', 'provision/lab.log'];
  for (const name of names) expect({ name, mode: statSync(ours(mac, name)).mode & 0o777 }).toEqual({ name, mode: 0o600 });
});

test('what was open to others before is private afterwards', async () => {
  await using mac = await createMac();
  for (const folder of ['run', 'provision']) mkdirSync(ours(mac, folder), { recursive: true });
  const wide = [
    'state.toml',
    'state.lock',
    'ssh-config.lock',
    'run/lab.pid',
    'run/lab.log',
    'run/lab.lock',
    'provision/lab.sh',
    'provision/lab.log',
  ];
  for (const name of wide) writeFileSync(ours(mac, name), '');
  mkdirSync(join(mac.home, '.ssh'), { mode: 0o700 });
  const config = join(mac.home, '.ssh/config');
  writeFileSync(config, 'Host a\n');
  const all = [...wide.map((name) => ours(mac, name)), config];
  for (const path of all) chmodSync(path, 0o666);
  for (const folder of ['.', 'run', 'provision']) chmodSync(ours(mac, folder), 0o777);
  await liveThrough(mac, '000');
  expect(open(mac, '.local/share/rusta', '.ssh')).toEqual([]);
  // A second run finds all as it should be, but for the rights.
  chmodSync(config, 0o644);
  chmodSync(join(mac.home, '.ssh/id_ed25519'), 0o644);
  const again = await mac.rusta(['docker-setup', 'lab', '--password', 'admin']);
  expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('id_ed25519 could be read by others: it is private now') });
  expect(open(mac, '.ssh')).toEqual([]);
});
