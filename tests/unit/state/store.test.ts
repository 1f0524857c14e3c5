import { describe, expect, test } from 'bun:test';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPaths } from '../../../src/state/paths.ts';
import { createPidFiles } from '../../../src/state/pid.ts';
import { createStore } from '../../../src/state/store.ts';
import { systemClock } from '../../../src/system/clock.ts';

function fresh() {
  const home = mkdtempSync(join(tmpdir(), 'rusta-'));
  const paths = createPaths({ HOME: home });
  return { home, paths, store: createStore(paths, systemClock), pids: createPidFiles(paths) };
}

test('paths need a home', () => {
  expect(() => createPaths({})).toThrow('HOME is not set');
});

test('an absent file is an empty state, and reading does not make one', () => {
  const { store, paths } = fresh();
  expect(store.read()).toMatchObject({ defaultVm: undefined, sources: undefined, images: undefined });
  expect([...store.read().vms.keys()]).toEqual([]);
  expect(existsSync(paths.state)).toBe(false);
});

test('an update is kept, private, and leaves nothing beside it but the lock', async () => {
  const { store, paths, home } = fresh();
  await store.update((edit) => {
    edit.setDefault('lab');
    edit.setVm('lab', { window: true });
  });
  expect(readFileSync(paths.state, 'utf8')).toBe('default_vm = "lab"\n\n[vms.lab]\ngui = true\n');
  expect(statSync(paths.state).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(home, '.local/share/rusta')).sort()).toEqual(['state.lock', 'state.toml', 'tart-home']);
});

test('a removed last key removes the table, a removed VM all of its keys', async () => {
  const { store, paths } = fresh();
  await store.update((edit) => edit.setVm('lab', { phase: 'cloning' }));
  await store.update((edit) => edit.setVm('lab', { phase: undefined }));
  expect(readFileSync(paths.state, 'utf8').trim()).toBe('');
  await store.update((edit) => edit.setVm('lab', { window: true, user: 'me' }));
  await store.update((edit) => edit.removeVm('lab'));
  expect([...store.read().vms.keys()]).toEqual([]);
});

test('a symlinked file stays a symlink', async () => {
  const { store, paths, home } = fresh();
  mkdirSync(join(home, '.local/share/rusta'), { recursive: true });
  writeFileSync(join(home, 'dotfile.toml'), 'keep = 1\n');
  symlinkSync(join(home, 'dotfile.toml'), paths.state);
  await store.update((edit) => edit.setDefault('lab'));
  expect(lstatSync(paths.state).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(home, 'dotfile.toml'), 'utf8')).toBe('keep = 1\ndefault_vm = "lab"\n');
});

test('an invalid file is neither read nor replaced', async () => {
  const { store, paths, home } = fresh();
  mkdirSync(join(home, '.local/share/rusta'), { recursive: true });
  writeFileSync(paths.state, 'default_vm = \n');
  await expect(store.update((edit) => edit.setDefault('lab'))).rejects.toThrow('line 1');
  expect(readFileSync(paths.state, 'utf8')).toBe('default_vm = \n');
});

test('a file in another encoding is neither read nor replaced', async () => {
  const { store, paths, home } = fresh();
  mkdirSync(join(home, '.local/share/rusta'), { recursive: true });
  const latin1 = Buffer.from('later = "caf\u00e9"\n', 'latin1');
  writeFileSync(paths.state, latin1);
  await expect(store.update((edit) => edit.setDefault('lab'))).rejects.toThrow('it is not in UTF-8');
  expect(readFileSync(paths.state)).toEqual(latin1);
});

test.skipIf(process.getuid?.() === 0)('an unreadable file is named', () => {
  const { store, paths, home } = fresh();
  mkdirSync(join(home, '.local/share/rusta'), { recursive: true });
  writeFileSync(paths.state, '');
  chmodSync(paths.state, 0);
  expect(() => store.read()).toThrow('cannot be read: EACCES');
});

test('twenty updates at once all end up in the file', async () => {
  const { store } = fresh();
  const names = Array.from({ length: 20 }, (_, index) => `vm-${index}`);
  await Promise.all(names.map((name) => store.update((edit) => edit.setVm(name, { window: true }))));
  expect([...store.read().vms.keys()].sort()).toEqual(names.sort());
});

describe('pid files', () => {
  const cases: [content: string, pid: number | undefined][] = [
    ['1234\n', 1234],
    ['1234', 1234],
    ['', undefined],
    ['garbage', undefined],
    ['-1', undefined],
    ['0', undefined],
    ['1', undefined],
    ['12 34', undefined],
    ['99999999999999', undefined],
  ];
  test.each(cases)('%p is %p', (content, pid) => {
    const { pids, paths } = fresh();
    pids.write('lab', 5);
    writeFileSync(paths.pid('lab'), content);
    expect(pids.read('lab')).toBe(pid);
  });
  test('a missing file and a folder are no pid, and a folder stays', () => {
    const { pids, paths } = fresh();
    expect(pids.read('lab')).toBeUndefined();
    mkdirSync(paths.pid('lab'), { recursive: true });
    expect(pids.read('lab')).toBeUndefined();
    pids.remove('lab', undefined);
    expect(existsSync(paths.pid('lab'))).toBe(true);
  });
});
