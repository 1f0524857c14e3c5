import type { Check } from '../check.ts';
import { FULL_GB } from '../facts/tart.ts';
import { FIRST_WITH_AGENTS, isOlder } from '../version.ts';

export const HOST_CHECKS: readonly Check[] = [
  {
    id: 'apple-silicon',
    group: 'host',
    title: 'This machine is no Mac with Apple Silicon but <machine>',
    reason: 'Tart, and so rusta, runs on nothing else. Other tools run Ubuntu here.',
    command: 'open https://multipass.run',
    find: ({ host: { machine } }) => (machine === undefined || machine === 'arm64' ? [] : [{ machine }]),
  },
  {
    id: 'macos-too-old',
    group: 'host',
    title: `macOS <version> is older than ${FIRST_WITH_AGENTS.macos}`,
    reason: 'Tart talks to guests from macOS 14 on: here a VM boots, and rusta never hears from it.',
    command: 'softwareupdate --list',
    find: ({ host: { macos } }) => (macos !== undefined && isOlder(macos, FIRST_WITH_AGENTS.macos) ? [{ version: macos }] : []),
  },
  {
    id: 'no-virtualization',
    group: 'host',
    title: 'This macOS cannot run VMs',
    reason: 'It is a VM itself (kern.hv_support is 0). Run rusta on the Mac beneath.',
    command: 'sysctl kern.hv_support',
    find: ({ host }) => (host.canVirtualize === false ? [{}] : []),
  },
  {
    id: 'no-homebrew',
    group: 'host',
    title: 'Homebrew is not installed, or not where rusta looks',
    reason: 'rusta gets Tart, sshpass and docker through it. It looks on PATH and in <folder>.',
    command: 'open https://brew.sh',
    find: ({ host }) => (host.brew === undefined ? [{ folder: host.brewFolder }] : []),
  },
  {
    id: 'path',
    group: 'host',
    title: "Homebrew's folder <folder> is not on PATH",
    reason: 'rusta finds its programs all the same; your shell, and the editors and scripts that it starts, do not.',
    command: '<brew> shellenv >> ~/.zprofile',
    find: ({ host: { brew, brewFolder, isBrewOnPath } }) => (brew === undefined || isBrewOnPath ? [] : [{ brew, folder: brewFolder }]),
  },
  {
    id: 'keychain-locked',
    group: 'host',
    title: 'The login keychain is locked',
    reason: 'From macOS 15 on no VM starts without it. Nobody can be asked for its password here: this is no session with a desktop.',
    command: 'security unlock-keychain login.keychain',
    find: ({ host }) => (host.keychain === 'locked' && needsKeychain(host.macos) ? [{}] : []),
  },
  {
    id: 'no-keychain',
    group: 'host',
    title: 'There is no login keychain',
    reason: 'From macOS 15 on no VM starts without one. macOS makes it when somebody logs in at the desktop for the first time.',
    command: 'security create-keychain login.keychain && security login-keychain -s login.keychain',
    find: ({ host }) => (host.keychain === 'missing' && needsKeychain(host.macos) ? [{}] : []),
  },
  {
    id: 'disk-full',
    group: 'host',
    title: 'Only <free> GB are free on the disk of <path>',
    reason:
      'Disks of VMs grow as they are written to: a guest whose disk cannot grow loses data. The command removes images that nobody used for a week.',
    command: 'tart prune --entries caches --older-than 7',
    find: ({ tart: { volume } }) =>
      volume !== undefined && volume.freeGb < FULL_GB ? [{ free: volume.freeGb.toFixed(1), path: volume.path }] : [],
  },
  {
    id: 'bun-variable',
    group: 'host',
    title: '<variable> is set',
    reason:
      'rusta is compiled by Bun, which reads this variable whatever program it is in: rusta may hang, print other things or run other code.',
    command: 'unset <variable>',
    find: ({ host }) => host.forBun.map((variable) => ({ variable })),
  },
  {
    id: 'tart-home-empty',
    group: 'host',
    title: 'TART_HOME is set, and empty',
    reason: 'Tart then keeps its VMs in whatever folder it is started from.',
    command: 'unset TART_HOME',
    find: ({ host }) => (host.environment['TART_HOME'] === '' ? [{}] : []),
  },
  {
    id: 'tls-unchecked',
    group: 'host',
    title: 'NODE_TLS_REJECT_UNAUTHORIZED is 0',
    reason: "'rusta versions' and 'rusta create' then believe any server that says it is the registry.",
    command: 'unset NODE_TLS_REJECT_UNAUTHORIZED',
    find: ({ host }) => (host.environment['NODE_TLS_REJECT_UNAUTHORIZED'] === '0' ? [{}] : []),
  },
  {
    id: 'state-invalid',
    group: 'host',
    title: 'rusta cannot use what it keeps: <failure>',
    reason: 'Most commands refuse to work before they understand it, so that nothing in it is lost.',
    command: 'open -t <file>',
    find: ({ state: { failure, file } }) => (failure === undefined ? [] : [{ failure, file }]),
  },
  {
    id: 'hang',
    group: 'host',
    title: "'<call>' did not answer within <seconds> s",
    reason: 'Other programs of rusta would wait for it too. What it would have told is not checked.',
    command: '<call>',
    find: ({ hangs }) => hangs.map(({ call, seconds }) => ({ call, seconds: String(seconds) })),
  },
];

/** Tells whether Tart needs the keychain on this macOS. (docs/tart.md, section 5) */
function needsKeychain(macos: string | undefined): boolean {
  return macos === undefined || !isOlder(macos, '15');
}
