/** What happens to ~/.ssh/config in the life of an alias. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chmodSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { dockerSetup, sshConfig } from './helpers/aliases.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab', { running: true });
});
afterEach(() => mac[Symbol.asyncDispose]());

test('up follows an address that changed, in our block alone', async () => {
  mkdirSync(join(mac.home, '.ssh'));
  writeFileSync(sshConfig(mac), 'Host *\n  User bob\n');
  await dockerSetup(mac);
  await mac.rusta(['down', 'lab']);
  const before = readFileSync(sshConfig(mac), 'utf8');
  writeFileSync(sshConfig(mac), before.replace(/HostName .*/, 'HostName 192.0.2.99'));
  const up = await mac.rusta(['up', 'lab']);
  expect(up.stdout).toContain(`[ok] SSH alias docker-lab now leads to ${mac.vm('lab').address}`);
  expect(readFileSync(sshConfig(mac), 'utf8')).toBe(before);
});

test('delete removes block and context, and leaves every other byte', async () => {
  const mine = '# mine\r\nHost *\n  User bob\n\n  # no final newline';
  mkdirSync(join(mac.home, '.ssh'));
  writeFileSync(sshConfig(mac), mine);
  await dockerSetup(mac);
  expect(readFileSync(sshConfig(mac), 'utf8')).not.toBe(mine);
  expect(await mac.rusta(['delete', 'lab', '--yes', '--force-running'])).toMatchObject({ code: 0 });
  expect(readFileSync(sshConfig(mac), 'utf8')).toBe(mine);
  expect((await mac.run('docker', ['context', 'inspect', 'docker-lab'])).code).not.toBe(0);
});

describe('~/.ssh/config as a file', () => {
  const mine = 'Host a\n  HostName a.example\n';
  const prepare = (mode: number) => {
    mkdirSync(join(mac.home, '.ssh'));
    writeFileSync(sshConfig(mac), mine);
    chmodSync(sshConfig(mac), mode);
  };

  test.each([0o644, 0o600, 0o400, 0o444])('mode %o becomes 600, and what was there stays', async (mode) => {
    prepare(mode);
    expect(await dockerSetup(mac)).toMatchObject({ code: 0 });
    expect(statSync(sshConfig(mac)).mode & 0o777).toBe(0o600);
    expect(readFileSync(sshConfig(mac), 'utf8')).toEndWith(mine);
  });

  test('a link into a folder of dotfiles stays a link', async () => {
    mkdirSync(join(mac.home, '.ssh'));
    mkdirSync(join(mac.home, 'dotfiles'));
    writeFileSync(join(mac.home, 'dotfiles/ssh-config'), mine);
    symlinkSync('../dotfiles/ssh-config', sshConfig(mac));
    expect(await dockerSetup(mac)).toMatchObject({ code: 0 });
    expect(lstatSync(sshConfig(mac)).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(mac.home, 'dotfiles/ssh-config'), 'utf8')).toContain('Host docker-lab\n');
    await mac.rusta(['delete', 'lab', '--yes', '--force-running']);
    expect(readFileSync(join(mac.home, 'dotfiles/ssh-config'), 'utf8')).toBe(mine);
  });
});
