import { expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createPaths } from '../../../../src/state/paths.ts';
import type { SshTarget } from '../../../../src/tools/ssh/ssh.ts';
import { sharedConnection } from '../../../../src/vm/names/shared-connection.ts';
import { scripted } from '../../../flows/scripted.ts';

const TARGET: SshTarget = {
  address: '192.168.64.5',
  port: 22,
  user: 'admin',
  password: 'admin',
  privateKey: undefined,
  proxyCommand: undefined,
};

/** A VM that runs, of which rusta knows the process. */
function running(pid = 4711) {
  const { app } = scripted({ calls: [], alive: new Set([pid]) });
  const path = app.paths.pid('lab');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${pid}\n`);
  // The home folder of a test may be too long for the path of a socket.
  const sharedConnections = (vm: string) => join('/Users/me/.local/share/rusta/run', basename(app.paths.sharedConnections(vm)));
  return { ...app, paths: { ...app.paths, sharedConnections } };
}

test('it is named after the VM and its process, and short enough for a socket', () => {
  const app = running();
  const socket = sharedConnection(app, 'lab', TARGET) ?? '';
  expect(socket).toMatch(/\/run\/[0-9a-f]{6}-4711-[0-9a-f]{12}$/);
  expect(Buffer.byteLength(socket)).toBeLessThanOrEqual(86);
  expect(sharedConnection(app, 'lab', { ...TARGET })).toBe(socket);
});

test('another VM, boot, way, user, password or key never gets it', () => {
  const app = running();
  const key = join(app.sshFiles.folder, 'id_ed25519');
  app.sshFiles.ensureFolder();
  writeFileSync(key, 'one');
  const withKey = { ...TARGET, privateKey: key };
  const others = [
    sharedConnection(app, 'lab', TARGET),
    sharedConnection(app, 'lab', { ...TARGET, address: '192.168.64.6' }),
    sharedConnection(app, 'lab', { ...TARGET, port: 2222 }),
    sharedConnection(app, 'lab', { ...TARGET, user: 'bob' }),
    sharedConnection(app, 'lab', { ...TARGET, password: 'other' }),
    sharedConnection(app, 'lab', { ...TARGET, proxyCommand: 'rusta connect lab --via-agent' }),
    sharedConnection(app, 'lab', withKey),
  ];
  mkdirSync(join(app.paths.tartHome, 'vms/lab'), { recursive: true });
  writeFileSync(join(app.paths.tartHome, 'vms/lab/control.sock'), '');
  // The socket that `tart run` makes anew tells another boot.
  others.push(sharedConnection(app, 'lab', TARGET));
  expect(new Set(others).size).toBe(others.length);
  expect(others).not.toContain(undefined);
});

test('nothing is shared where the boot is not known, or the path would be too long', () => {
  const app = running();
  expect(sharedConnection(app, 'web', TARGET)).toBeUndefined();
  const paths = createPaths({ HOME: `/tmp/${'x'.repeat(60)}` });
  expect(sharedConnection({ ...app, paths }, 'lab', TARGET)).toBeUndefined();
});
