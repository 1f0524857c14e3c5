import { join } from 'node:path';
import { shortHash } from '../system/hash.ts';
import { findHome, type Home } from './home.ts';

/** Where rusta keeps its own files (spec 7). Absolute paths. */
export interface Paths extends Pick<Home, 'tartHome' | 'rootTartHome' | 'claim'> {
  /** `state.toml` of all: sources, images, and the records of the VMs that have their files in the root. */
  readonly state: string;
  readonly stateLock: string;
  /** `state.toml` with the records of this folder of Tart's; mostly the same file. */
  readonly records: string;
  readonly sshConfigLock: string;
  pid(vm: string): string;
  /** What is known of the address in one boot, beside the pid. */
  address(vm: string): string;
  /** Beside it stands, while ssh runs, what ssh itself says. */
  readonly sshLog: string;
  /** What rusta knows of the boot that the pid belongs to. */
  boot(vm: string): string;
  runLog(vm: string): string;
  vmLock(vm: string): string;
  /** Held while the running VM gets its identity. */
  identityLock(vm: string): string;
  /** The SSH host keys of the guest, as it told them itself. */
  knownHosts(vm: string): string;
  /** How the names of the sockets of a VM's shared connections begin. */
  sharedConnections(vm: string): string;
  provisionScript(vm: string): string;
  provisionLog(vm: string): string;
  /** What `create --script` was given. */
  userScript(vm: string): string;
}

/** File systems allow 255 bytes, and temporary files have longer names than those that they become. */
const MAX_BYTES = 200;
const KEPT_CHARACTERS = 40;

/** Throws RustaError where HOME is missing or depends on the current folder. */
export function createPaths(env: Readonly<Record<string, string>>): Paths {
  const { root, folder, tartHome, rootTartHome, claim } = findHome(env);
  const run = join(folder, 'run');
  const provision = join(folder, 'provision');
  return {
    state: join(root, 'state.toml'),
    stateLock: join(root, 'state.lock'),
    records: join(folder, 'state.toml'),
    sshConfigLock: join(root, 'ssh-config.lock'),
    tartHome,
    rootTartHome,
    claim,
    pid: (vm) => join(run, `${fileName(vm)}.pid`),
    boot: (vm) => join(run, `${fileName(vm)}.boot`),
    address: (vm) => join(run, `${fileName(vm)}.address`),
    sshLog: join(run, 'ssh'),
    runLog: (vm) => join(run, `${fileName(vm)}.log`),
    // APFS ignores case, so 'Lab' and 'lab' are one VM and need one lock.
    vmLock: (vm) => join(run, `${fileName(vm.toLowerCase())}.lock`),
    identityLock: (vm) => join(run, `${fileName(vm.toLowerCase())}.identity.lock`),
    // Short, for the path of a socket is.
    sharedConnections: (vm) => join(run, `${shortHash(vm).slice(0, 6)}-`),
    knownHosts: (vm) => join(folder, 'known_hosts', fileName(vm)),
    provisionScript: (vm) => join(provision, `${fileName(vm)}.sh`),
    userScript: (vm) => join(provision, `${fileName(vm)}.script`),
    provisionLog: (vm) => join(provision, `${fileName(vm)}.log`),
  };
}

function fileName(vm: string): string {
  return Buffer.byteLength(vm) <= MAX_BYTES ? vm : `${[...vm].slice(0, KEPT_CHARACTERS).join('')}~${shortHash(vm)}`;
}
