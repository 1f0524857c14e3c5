import { join } from 'node:path';
import { shortHash } from '../system/hash.ts';
import { findHome, type Home } from './home.ts';

/** Absolute paths of rusta's own files (spec 7). */
export interface Paths extends Pick<Home, 'tartHome' | 'rootTartHome' | 'claim'> {
  /** `state.toml` of all: sources, images, and the records of the VMs that have their files in the root. */
  readonly state: string;
  readonly stateLock: string;
  /** `state.toml` with the records of the VMs of this `TART_HOME`; mostly the same file. */
  readonly records: string;
  readonly sshConfigLock: string;
  pid(vm: string): string;
  /** What is known of the address in one boot, beside the pid. */
  address(vm: string): string;
  /** While ssh runs, its own messages are kept in a file whose name begins so. */
  readonly sshLog: string;
  /** What rusta knows of the boot that the pid belongs to. */
  boot(vm: string): string;
  runLog(vm: string): string;
  vmLock(vm: string): string;
  /** Lock that is held while the running VM gets its identity. */
  identityLock(vm: string): string;
  /** The SSH host keys of the guest, as it told them itself. */
  knownHosts(vm: string): string;
  /** Prefix of the sockets of a VM's shared connections. */
  sharedConnections(vm: string): string;
  provisionScript(vm: string): string;
  provisionLog(vm: string): string;
  /** The script that `create --script` was given. */
  userScript(vm: string): string;
}

/** File systems allow 255 bytes, and temporary files have longer names than those that they become. */
const MAX_BYTES = 200;
const KEPT_CHARACTERS = 40;

/** Returns the paths for an environment. Throws RustaError if HOME is missing or relative. */
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
    // Short, because the path of a socket must be.
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
