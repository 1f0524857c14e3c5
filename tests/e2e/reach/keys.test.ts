import { afterEach, beforeEach, expect, setDefaultTimeout, test } from 'bun:test';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mac } from '../../sandbox/mac.ts';
import { macWithRunningLab } from '../running-lab.ts';

setDefaultTimeout(60_000);
let mac: Mac;
beforeEach(async () => {
  mac = await macWithRunningLab();
});
afterEach(() => mac[Symbol.asyncDispose]());

const guest = (...name: string[]) => join(mac.vm('lab').guest, 'home/admin/.ssh', ...name);
const here = (name: string, text: string, mode = 0o600) => writeFileSync(join(mac.home, '.ssh', name), text, { mode });
const there = (name: string, text: string, mode = 0o600) => {
  mkdirSync(guest(), { recursive: true });
  writeFileSync(guest(name), text, { mode });
};
const read = (name: string) => readFileSync(guest(name), 'utf8');
const copy = () => mac.rusta(['ssh-copy', 'lab']);

test('a file that may not be written is replaced all the same, again and again', async () => {
  here('cloud.pem', 'key\n', 0o400);
  for (let run = 0; run < 2; run += 1) {
    expect(await copy()).toMatchObject({ code: 0, stderr: '' });
    expect(statSync(guest('cloud.pem')).mode & 0o777).toBe(0o600);
    chmodSync(guest('cloud.pem'), 0o400);
  }
  here('cloud.pem', 'key\n', 0o400);
  expect(readdirSync(guest())).toEqual(['cloud.pem']);
});

test("another key of the guest's own under the same name is kept, as a pair, and said", async () => {
  there('id_ed25519', 'its own\n');
  there('id_ed25519.pub', 'its own half\n');
  here('id_ed25519', 'mine\n');
  here('id_ed25519.pub', 'my half\n');
  const { code, stderr } = await copy();
  expect(code).toBe(0);
  expect(stderr).toBe(
    '[warn] the guest had another id_ed25519 of its own: it is kept as id_ed25519.guest\n[warn] the guest had another id_ed25519.pub of its own: it is kept as id_ed25519.guest.pub\n',
  );
  expect([read('id_ed25519'), read('id_ed25519.guest'), read('id_ed25519.guest.pub')]).toEqual(['mine\n', 'its own\n', 'its own half\n']);
  there('id_ed25519', 'a third\n');
  expect((await copy()).stderr).toContain('kept as id_ed25519.guest-2\n');
  expect([read('id_ed25519'), read('id_ed25519.guest'), read('id_ed25519.guest-2')]).toEqual(['mine\n', 'its own\n', 'a third\n']);
});

test('where the connection is lost between the steps none of the files has changed, and no copy of a key stays', async () => {
  there('id_a', 'old\n');
  here('id_a', 'new\n');
  here('id_b', 'new\n');
  mac.configure({ faults: [{ program: 'scp', do: 'exit', code: 255, stderr: 'scp: Connection closed' }] });
  const { code, stderr } = await copy();
  expect(code).toBe(1);
  expect(stderr).toStartWith("[error] could not copy the files in VM 'lab': 'sshpass scp' failed (exit 255): scp: Connection closed\n");
  expect(readdirSync(guest())).toEqual(['id_a']);
  expect(read('id_a')).toBe('old\n');
  mac.configure({ faults: [] });
  expect(await copy()).toMatchObject({ code: 0 });
  expect(readdirSync(guest()).sort()).toEqual(['id_a', 'id_a.guest', 'id_b']);
});

test('a folder of that name is in the way of all of them', async () => {
  mkdirSync(guest('id_b'), { recursive: true });
  here('id_a', 'new\n');
  here('id_b', 'new\n');
  const { code, stderr } = await copy();
  expect(code).toBe(1);
  expect(stderr).toContain('.ssh/id_b is a folder');
  expect(readdirSync(guest())).toEqual(['id_b']);
});

test('create says before the clone that there are no keys to copy', async () => {
  const { code, stdout } = await mac.rusta(['create', 'new', '--ssh-copy-keys']);
  expect(code).toBe(0);
  expect(stdout).toStartWith(`[skip] no id_* or *.pem files in ${join(mac.home, '.ssh')}, nothing to copy\n`);
});
