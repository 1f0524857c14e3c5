import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Mac } from '../../sandbox/mac.ts';
import { writeState } from '../state.ts';
import { BROKEN_HOSTS } from './broken-hosts.ts';
import { doctor, healthyMac, like, plantKeg, plantLeases } from './world.ts';

setDefaultTimeout(60_000);

let mac: Mac;
beforeEach(async () => {
  mac = await healthyMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

describe('one thing is wrong with the Mac: it is named, and nothing else', () => {
  test.each(BROKEN_HOSTS.map((broken) => [broken.what, broken] as const))('%s', async (_what, { spoil, options, title, command }) => {
    await spoil?.(mac);
    const { code, titles, commands, stdout, stderr } = await doctor(mac, [], options);
    expect({ code, titles, commands }).toEqual({ code: 1, titles: [like(title)], commands: [like(command)] });
    expect(stdout).toMatch(/\n\n1 thing is wrong \(\d+ checks\)\n$/);
    // Of other variables for Bun rusta itself may warn.
    if (options?.env?.['BUN_OPTIONS'] === undefined) expect(stderr).toBe('');
  });

  test('a TART_HOME that is empty', async () => {
    const { titles, commands } = await doctor(mac, [], { env: { TART_HOME: '' }, cwd: mac.tartHome });
    expect({ titles, commands }).toEqual({ titles: ['TART_HOME is set, and empty'], commands: ['unset TART_HOME'] });
  });
});

describe('all is well', () => {
  const well = (what: string, spoil: () => void) =>
    test(what, async () => {
      spoil();
      const { code, stdout, stderr } = await doctor(mac);
      expect({ code, stdout, stderr }).toEqual({
        code: 0,
        stdout: expect.stringMatching(/^\[ok\] \d+ checks found nothing wrong\n$/),
        stderr: '',
      });
    });

  well('one line', () => {});
  test('at the desktop nobody is asked for the password of the keychain', async () => {
    mac.configure({ macos: { keychain: 'locked' } });
    expect(await doctor(mac)).toMatchObject({ code: 0, titles: [] });
    expect(mac.calls('security')).toEqual([]);
  });
  well('macOS 14 starts VMs without a keychain', () =>
    mac.configure({ macos: { version: '14.7', keychain: 'locked', session: 'Background' } }),
  );
  well('both formulas are trusted by name', () => plantKeg(mac, 'openai/tools', ['openai/tools/tart', 'openai/tools/softnet']));
  well('Homebrew 5 trusts every tap', () => {
    plantKeg(mac, 'openai/tools', []);
    mac.configure({ brew: { version: '5.2.0' } });
  });
  well('one address is left', () => plantLeases(mac, 252));
  well('the leases have ended', () => plantLeases(mac, 253, -10));
  well('rusta has yet to install Tart', () => mac.without('tart'));
});

test('a folder that Tart would make is not made', async () => {
  const folder = join(mac.root, 'not-yet');
  expect(await doctor(mac, [], { env: { TART_HOME: folder } })).toMatchObject({ code: 0, titles: [], stderr: '' });
  expect(existsSync(folder)).toBe(false);
});

test('three at once are all named, group by group', async () => {
  mac.configure({ macos: { version: '13.7.2', route: 'utun4' }, tartVersion: '2.36.0' });
  const { code, stdout, titles } = await doctor(mac);
  expect(code).toBe(1);
  expect(titles).toEqual([
    'macOS 13.7.2 is older than 14',
    'Tart 2.36.0 does not start a VM a second time',
    expect.stringContaining('leads into a VPN'),
  ]);
  expect(stdout.split('\n').filter((line) => line.startsWith('==>'))).toEqual(['==> host', '==> Tart', '==> network']);
  expect(stdout).toMatch(/\n\n3 things are wrong \(\d+ checks\)\n$/);
});

describe('what cannot be looked at', () => {
  test('what hangs is named, and the rest is told all the same', async () => {
    mac.configure({ macos: { freeGb: 1 }, faults: [{ program: 'sysctl', do: 'hang' }] });
    const { code, commands, stdout } = await doctor(mac);
    expect({ code, commands }).toEqual({ code: 1, commands: ['tart prune --entries caches --older-than 7', 'sysctl -n kern.hv_support'] });
    expect(stdout).toContain("'sysctl -n kern.hv_support' did not answer within 4 s");
  });

  test('a Tart that hangs is named once', async () => {
    mac.configure({ faults: [{ program: 'tart', args: ['list'], do: 'hang' }] });
    expect(await doctor(mac, ['lab'])).toMatchObject({ code: 1, commands: ['tart list --format json'] });
  });

  test('a program that fails is a warning: nothing is known to be wrong', async () => {
    mac.configure({ faults: [{ program: 'sw_vers', do: 'exit', stderr: 'no\n' }] });
    const { code, stdout, stderr } = await doctor(mac);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('found nothing wrong') });
    expect(stderr).toBe("[warn] not everything could be looked at: 'sw_vers -productVersion' failed (exit 1): no\n");
  });
});

describe('names', () => {
  test('a VM that is not there is exit 2, with the nearest name', async () => {
    expect(await doctor(mac, ['lap'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: "[error] VM 'lap' not found\nDid you mean 'lab'? Run 'rusta list' to see the VMs.\n",
    });
    mac.without('tart');
    expect(await doctor(mac, ['lab'])).toMatchObject({ code: 2, stderr: expect.stringContaining("VM 'lab' not found") });
  });

  test('Tab offers them', async () => {
    expect((await mac.rusta(['__complete', '--', 'doctor', 'l'])).stdout).toContain('lab');
  });

  test('with a VM named, what is wrong with others is left out, what is wrong with the Mac is not', async () => {
    mac.configure({ macos: { version: '13.7.2' } });
    writeState(mac, '[vms.web]\nsetup = "booting"\n');
    expect((await doctor(mac, ['web'])).commands).toEqual(['softwareupdate --list', 'rusta create web --resume']);
    expect((await doctor(mac, ['lab'])).commands).toEqual(['softwareupdate --list']);
  });
});
