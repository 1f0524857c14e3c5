import { afterEach, beforeEach, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomic } from '../../../../src/system/files/atomic.ts';
import { makePrivateFolder } from '../../../../src/system/files/files.ts';
import { removeStaleFolders } from '../../../../src/system/files/leftovers.ts';

/** Of a process that has ended. */
const DEAD = Bun.spawnSync(['true']).pid;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leftovers-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const path = (name: string) => join(folder, name);

test('a write removes what killed writers of the same file left, and nothing else', () => {
  const others = [
    `.state.toml.${process.pid}.0badcafe.tmp`,
    `.other.toml.${DEAD}.0badcafe.tmp`,
    `.state.toml.${DEAD}.tmp`,
    `.state.toml.${DEAD}.0badcafe.tmp.mine`,
    '.state.toml.0.0badcafe.tmp',
    '.state.toml.99999999999999999999.0badcafe.tmp',
    'notes.tmp',
  ];
  for (const name of [...others, `.state.toml.${DEAD}.0badcafe.tmp`, `.state.toml.${DEAD}.00000001.tmp`]) writeFileSync(path(name), '');
  mkdirSync(path(`.state.toml.${DEAD}.00000002.tmp`));
  symlinkSync('notes.tmp', path(`.state.toml.${DEAD}.00000003.tmp`));
  writeFileAtomic(path('state.toml'), 'a = 1\n', 0o600);
  const kept = [...others, `.state.toml.${DEAD}.00000002.tmp`, `.state.toml.${DEAD}.00000003.tmp`, 'state.toml'];
  expect(readdirSync(folder).sort()).toEqual(kept.sort());
  expect(readFileSync(path('state.toml'), 'utf8')).toBe('a = 1\n');
});

test('beside the target of a link too', () => {
  mkdirSync(path('elsewhere'));
  writeFileSync(path('elsewhere/real.toml'), '');
  writeFileSync(path(`elsewhere/.real.toml.${DEAD}.0badcafe.tmp`), '');
  symlinkSync('elsewhere/real.toml', path('state.toml'));
  writeFileAtomic(path('state.toml'), 'a = 1\n', 0o600);
  expect(readdirSync(path('elsewhere'))).toEqual(['real.toml']);
});

test('a writer that is killed leaves what the next one finds', async () => {
  const files = join(import.meta.dir, '../../../../src/system/files/atomic.ts');
  const script = `const { writeFileAtomic } = await import(${JSON.stringify(files)});
    const bytes = new Uint8Array(8_000_000);
    for (;;) writeFileAtomic(${JSON.stringify(path('big'))}, bytes, 0o600);`;
  const writer = Bun.spawn([process.execPath, '-e', script]);
  const isWriting = () => readdirSync(folder).some((name) => name.endsWith('.tmp'));
  while (!(isWriting() && existsSync(path('big')))) await Bun.sleep(1);
  writer.kill('SIGSTOP');
  while (!isWriting()) {
    writer.kill('SIGCONT');
    await Bun.sleep(1);
    writer.kill('SIGSTOP');
  }
  writer.kill('SIGKILL');
  await writer.exited;
  expect(readdirSync(folder)).toHaveLength(2);
  writeFileAtomic(path('big'), 'small', 0o600);
  expect(readdirSync(folder)).toEqual(['big']);
});

test('private folders of the dead go, with what is in them; links, open folders and those of the living stay', () => {
  const prefix = path('.rusta-');
  const mine = makePrivateFolder(prefix);
  mkdirSync(`${prefix}${DEAD}-aaaaaa`, { mode: 0o700 });
  writeFileSync(`${prefix}${DEAD}-aaaaaa/id_ed25519`, 'half a key');
  mkdirSync(`${prefix}${DEAD}-bbbbbb`, { mode: 0o755 });
  symlinkSync(mine, `${prefix}${DEAD}-cccccc`);
  writeFileSync(`${prefix}${DEAD}-dddddd`, '');
  mkdirSync(`${prefix}keys`, { mode: 0o700 });
  removeStaleFolders(prefix);
  const kept = [mine, `${prefix}${DEAD}-bbbbbb`, `${prefix}${DEAD}-cccccc`, `${prefix}${DEAD}-dddddd`, `${prefix}keys`];
  expect(readdirSync(folder).map(path).sort()).toEqual(kept.sort());
  expect(existsSync(mine)).toBe(true);
});
