import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Mac } from '../../sandbox/mac.ts';
import type { RunOptions } from '../../sandbox/spawn.ts';
import { writeState } from '../state.ts';
import { doctor, healthyMac, plantKeg, plantLeases } from './world.ts';

setDefaultTimeout(60_000);

let mac: Mac;
beforeEach(async () => {
  mac = await healthyMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

const REINSTALL = 'brew uninstall tart softnet; brew install openai/tools/softnet openai/tools/tart';

interface Broken {
  readonly what: string;
  readonly spoil?: () => void;
  readonly options?: RunOptions;
  readonly title: string | RegExp;
  readonly command: string | RegExp;
}

/** Each alone on a Mac that is well otherwise. */
const BROKEN: readonly Broken[] = [
  {
    what: 'an Intel Mac',
    spoil: () => mac.configure({ machine: 'x86_64' }),
    title: 'This machine is no Mac with Apple Silicon but x86_64',
    command: 'open https://multipass.run',
  },
  {
    what: 'macOS 13',
    spoil: () => mac.configure({ macos: { version: '13.7.2' } }),
    title: 'macOS 13.7.2 is older than 14',
    command: 'softwareupdate --list',
  },
  {
    what: 'a macOS in a VM',
    spoil: () => mac.configure({ macos: { virtualization: 0 } }),
    title: 'This macOS cannot run VMs',
    command: 'sysctl kern.hv_support',
  },
  {
    what: 'no Homebrew',
    spoil: () => mac.without('brew'),
    title: 'Homebrew is not installed, or not where rusta looks',
    command: 'open https://brew.sh',
  },
  {
    what: "Homebrew's folder not on PATH",
    spoil: () => {
      mkdirSync(join(mac.root, 'homebrew/bin'), { recursive: true });
      renameSync(join(mac.bin, 'brew'), join(mac.root, 'homebrew/bin/brew'));
    },
    title: /^Homebrew's folder \/.*\/homebrew\/bin is not on PATH$/,
    command: /^\/.*\/homebrew\/bin\/brew shellenv >> ~\/\.zprofile$/,
  },
  {
    what: 'a locked keychain over ssh',
    spoil: () => mac.configure({ macos: { keychain: 'locked', session: 'Background' } }),
    title: 'The login keychain is locked',
    command: 'security unlock-keychain login.keychain',
  },
  {
    what: 'no keychain on a headless Mac',
    spoil: () => mac.configure({ macos: { keychain: 'missing', session: 'System' } }),
    title: 'There is no login keychain',
    command: 'security create-keychain login.keychain && security login-keychain -s login.keychain',
  },
  {
    what: 'a full disk',
    spoil: () => mac.configure({ macos: { freeGb: 0.4 } }),
    title: /^Only 0\.4 GB are free on the disk of \//,
    command: 'tart prune --entries caches --older-than 7',
  },
  {
    what: 'a variable for Bun',
    options: { env: { BUN_OPTIONS: '--smol', BUN_INSTALL: '/Users/me/.bun' } },
    title: 'BUN_OPTIONS is set',
    command: 'unset BUN_OPTIONS',
  },
  {
    what: 'certificates unchecked',
    options: { env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } },
    title: 'NODE_TLS_REJECT_UNAUTHORIZED is 0',
    command: 'unset NODE_TLS_REJECT_UNAUTHORIZED',
  },
  {
    what: 'a state.toml that cannot be read',
    spoil: () => writeState(mac, 'default_vm = [\n'),
    title: /^rusta cannot use what it keeps: .*state\.toml is not valid: line \d/,
    command: /^open -t \/.*state\.toml$/,
  },
  {
    what: 'a Tart without an agent',
    spoil: () => mac.configure({ tartVersion: '2.26.0' }),
    title: 'Tart 2.26.0 is older than 2.28.3',
    command: REINSTALL,
  },
  {
    what: 'a Tart that loses guests',
    spoil: () => mac.configure({ tartVersion: '2.32.1' }),
    title: 'Tart 2.32.1 loses guests that are started a second time',
    command: REINSTALL,
  },
  {
    what: 'a Tart that does not start twice',
    spoil: () => mac.configure({ tartVersion: '2.36.0' }),
    title: 'Tart 2.36.0 does not start a VM a second time',
    command: REINSTALL,
  },
  {
    what: 'the frozen tap',
    spoil: () => plantKeg(mac, 'cirruslabs/cli', []),
    title: 'Tart comes from the tap cirruslabs/cli, which is frozen',
    command: REINSTALL,
  },
  {
    what: 'an untrusted tap',
    spoil: () => plantKeg(mac, 'openai/tools', ['openai/tools/tart']),
    title: 'Homebrew does not trust the tap openai/tools, from which Tart comes',
    command: 'brew trust openai/tools',
  },
  {
    what: 'a Tart that does not list',
    spoil: () => mac.configure({ faults: [{ program: 'tart', args: ['list'], do: 'exit', stderr: 'Error: it broke\n' }] }),
    title: "Tart does not list its VMs: 'tart list' failed (exit 1): Error: it broke",
    command: 'tart list',
  },
  {
    what: 'a VPN in the way',
    spoil: () => mac.configure({ macos: { route: 'utun4' } }),
    title: /^The way to VM 'lab' \([\d.]+\) leads into a VPN \(utun4\)$/,
    command: /^sudo route -n add -host [\d.]+ -interface bridge100$/,
  },
  {
    what: 'all leases used up',
    spoil: () => plantLeases(mac, 253),
    title: 'All addresses of 192.168.64.0 are given away',
    command: 'sudo rm /var/db/dhcpd_leases',
  },
];

describe('one thing is wrong with the Mac: it is named, and nothing else', () => {
  test.each(BROKEN.map((broken) => [broken.what, broken] as const))('%s', async (_what, { spoil, options, title, command }) => {
    spoil?.();
    const { code, titles, commands, stdout, stderr } = await doctor(mac, [], options);
    const like = (wanted: string | RegExp) => (typeof wanted === 'string' ? wanted : expect.stringMatching(wanted));
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
  well('at the desktop nobody is asked for the password of the keychain', () => mac.configure({ macos: { keychain: 'locked' } }));
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

  test('with a VM named, what is wrong with others is left out, what is wrong with the Mac is not', async () => {
    mac.configure({ macos: { version: '13.7.2' } });
    writeState(mac, '[vms.web]\nsetup = "booting"\n');
    expect((await doctor(mac, ['web'])).commands).toEqual(['softwareupdate --list', 'rusta create web --resume']);
    expect((await doctor(mac, ['lab'])).commands).toEqual(['softwareupdate --list']);
  });
});
