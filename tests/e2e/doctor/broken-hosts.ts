import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { writeState } from '../state.ts';
import { type Broken, plantKeg, plantLeases } from './world.ts';

const REINSTALL = 'brew uninstall tart softnet; brew install openai/tools/softnet openai/tools/tart';

/** Each alone on a Mac that is well otherwise. */
export const BROKEN_HOSTS: readonly Broken[] = [
  {
    what: 'an Intel Mac',
    spoil: (mac) => mac.configure({ machine: 'x86_64' }),
    title: 'This machine is no Mac with Apple Silicon but x86_64',
    command: 'open https://multipass.run',
  },
  {
    what: 'macOS 13',
    spoil: (mac) => mac.configure({ macos: { version: '13.7.2' } }),
    title: 'macOS 13.7.2 is older than 14',
    command: 'softwareupdate --list',
  },
  {
    what: 'a macOS in a VM',
    spoil: (mac) => mac.configure({ macos: { virtualization: 0 } }),
    title: 'This macOS cannot run VMs',
    command: 'sysctl kern.hv_support',
  },
  {
    what: 'no Homebrew',
    spoil: (mac) => mac.without('brew'),
    title: 'Homebrew is not installed, or not where rusta looks',
    command: 'open https://brew.sh',
  },
  {
    what: "Homebrew's folder not on PATH",
    spoil: (mac) => {
      mkdirSync(join(mac.root, 'homebrew/bin'), { recursive: true });
      renameSync(join(mac.bin, 'brew'), join(mac.root, 'homebrew/bin/brew'));
    },
    title: /^Homebrew's folder \/.*\/homebrew\/bin is not on PATH$/,
    command: /^\/.*\/homebrew\/bin\/brew shellenv >> ~\/\.zprofile$/,
  },
  {
    what: 'a locked keychain over ssh',
    spoil: (mac) => mac.configure({ macos: { keychain: 'locked', session: 'Background' } }),
    title: 'The login keychain is locked',
    command: 'security unlock-keychain login.keychain',
  },
  {
    what: 'no keychain on a headless Mac',
    spoil: (mac) => mac.configure({ macos: { keychain: 'missing', session: 'System' } }),
    title: 'There is no login keychain',
    command: 'security create-keychain login.keychain && security login-keychain -s login.keychain',
  },
  {
    what: 'a full disk',
    spoil: (mac) => mac.configure({ macos: { freeGb: 0.4 } }),
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
    spoil: (mac) => writeState(mac, 'default_vm = [\n'),
    title: /^rusta cannot use what it keeps: .*state\.toml is not valid: line \d/,
    command: /^open -t \/.*state\.toml$/,
  },
  {
    what: 'a Tart without an agent',
    spoil: (mac) => mac.configure({ tartVersion: '2.26.0' }),
    title: 'Tart 2.26.0 is older than 2.28.3',
    command: REINSTALL,
  },
  {
    what: 'a Tart that loses guests',
    spoil: (mac) => mac.configure({ tartVersion: '2.32.1' }),
    title: 'Tart 2.32.1 loses guests that are started a second time',
    command: REINSTALL,
  },
  {
    what: 'a Tart that does not start twice',
    spoil: (mac) => mac.configure({ tartVersion: '2.36.0' }),
    title: 'Tart 2.36.0 does not start a VM a second time',
    command: REINSTALL,
  },
  {
    what: 'the frozen tap',
    spoil: (mac) => plantKeg(mac, 'cirruslabs/cli', []),
    title: 'Tart comes from the tap cirruslabs/cli, which is frozen',
    command: REINSTALL,
  },
  {
    what: 'an untrusted tap',
    spoil: (mac) => plantKeg(mac, 'openai/tools', ['openai/tools/tart']),
    title: 'Homebrew does not trust the tap openai/tools, from which Tart comes',
    command: 'brew trust openai/tools',
  },
  {
    what: 'a Tart that does not list',
    spoil: (mac) => mac.configure({ faults: [{ program: 'tart', args: ['list'], do: 'exit', stderr: 'Error: it broke\n' }] }),
    title: "Tart does not list its VMs: 'tart list' failed (exit 1): Error: it broke",
    command: 'tart list',
  },
  {
    what: 'a folder of VMs on a disk that is not mounted',
    options: { env: { TART_HOME: '/dev/null/tart' } },
    title: 'Tart does not list its VMs: /dev/null/tart is not there, and cannot be made (EACCES)',
    command: 'tart list',
  },
  {
    what: 'a VPN in the way',
    spoil: (mac) => mac.configure({ macos: { route: 'utun4' } }),
    title: /^The way to VM 'lab' \([\d.]+\) leads into a VPN \(utun4\)$/,
    command: /^sudo route -n add -host [\d.]+ -interface bridge100$/,
  },
  {
    what: 'all leases used up',
    spoil: (mac) => plantLeases(mac, 253),
    title: 'All addresses of 192.168.64.0 are given away',
    command: 'sudo rm /var/db/dhcpd_leases',
  },
];
