import type { GuestFacts } from '../../../src/doctor/facts/guest.ts';
import type { VmFacts } from '../../../src/doctor/facts/vms.ts';
import type { Facts } from '../../../src/doctor/facts.ts';

export const guest: GuestFacts = {
  silence: undefined,
  hostname: 'lab',
  machineId: '1'.repeat(32),
  clockOffset: 0,
  addresses: ['192.168.64.5', '172.17.0.1'],
  hostKeys: ['ssh-ed25519 AAAA', 'ssh-rsa BBBB'],
  address: '192.168.64.5',
  via: 'bridge100',
  connectError: 'ECONNREFUSED',
};

export const vm: VmFacts = {
  name: 'lab',
  status: 'running',
  folder: '/tart/vms/lab',
  missingFiles: [],
  isGarbled: false,
  record: { docker: true },
  isBusy: false,
  pidFile: { path: '/run/lab.pid', pid: 4711, isItsRun: true },
  socket: '/tart/vms/lab/control.sock',
  shares: [],
  lostShares: [],
  guest,
  sshName: { alias: 'rusta-lab', owner: 'rusta', lostProgram: undefined, knownKeys: ['ssh-ed25519 AAAA'] },
  docker: { alias: 'docker-lab', aliasOwner: 'rusta', aliasHost: '192.168.64.5', context: 'right' },
};

/** A Mac on which all is well, with a VM that runs. */
export const healthy: Facts = {
  host: {
    machine: 'arm64',
    macos: '15.7.3',
    canVirtualize: true,
    keychain: 'unlocked',
    brew: '/opt/homebrew/bin/brew',
    brewFolder: '/opt/homebrew/bin',
    isBrewOnPath: true,
    environment: {},
    forBun: [],
  },
  tart: {
    isInstalled: true,
    version: '2.37.0',
    tap: 'openai/tools',
    isTrusted: true,
    vms: [{ name: 'lab', status: 'running' }],
    listFailure: undefined,
    listMs: 50,
    home: '/tart',
    volume: { path: '/tart', freeGb: 100 },
    isHomeHanging: false,
  },
  network: { leases: [], now: 1_000 },
  state: { file: '/state.toml', failure: undefined, defaultVm: 'lab', records: new Map() },
  vms: [vm],
  hangs: [],
  blind: [],
};

export const withHost = (host: Partial<Facts['host']>): Facts => ({ ...healthy, host: { ...healthy.host, ...host } });
export const withTart = (tart: Partial<Facts['tart']>): Facts => ({ ...healthy, tart: { ...healthy.tart, ...tart } });
export const withVm = (changes: Partial<VmFacts>): Facts => ({ ...healthy, vms: [{ ...vm, ...changes }] });
export const withGuest = (changes: Partial<GuestFacts>): Facts => withVm({ guest: { ...guest, ...changes } });
