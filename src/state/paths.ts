import { isAbsolute, join, resolve } from 'node:path';
import { RustaError } from '../errors.ts';

/** Where rusta keeps its own files (spec 7). Absolute paths. */
export interface Paths {
  readonly state: string;
  readonly stateLock: string;
  readonly sshConfigLock: string;
  readonly tartHome: string;
  pid(vm: string): string;
  /** What is known of the address in one boot, beside the pid. */
  address(vm: string): string;
  /** Beside it stands, while ssh runs, what ssh itself says. */
  readonly sshLog: string;
  runLog(vm: string): string;
  vmLock(vm: string): string;
  provisionScript(vm: string): string;
  provisionLog(vm: string): string;
}

/** Throws RustaError where HOME is missing or depends on the current folder: without it nothing of ours has a place. */
export function createPaths(env: Readonly<Record<string, string>>): Paths {
  const home = env['HOME'];
  const hint = 'rusta keeps its state in ~/.local/share/rusta.';
  if (!home) throw new RustaError('environment_invalid', 'HOME is not set', { hint });
  if (!isAbsolute(home)) throw new RustaError('environment_invalid', `HOME is '${home}', not an absolute path`, { hint });
  const root = join(home, '.local', 'share', 'rusta');
  const run = join(root, 'run');
  const provision = join(root, 'provision');
  const tartHome = env['TART_HOME'];
  return {
    state: join(root, 'state.toml'),
    stateLock: join(root, 'state.lock'),
    sshConfigLock: join(root, 'ssh-config.lock'),
    // Set but empty means the current folder to Tart (docs/tart.md, section 2).
    tartHome: tartHome === undefined ? join(home, '.tart') : resolve(tartHome),
    pid: (vm) => join(run, `${vm}.pid`),
    address: (vm) => join(run, `${vm}.address`),
    sshLog: join(run, 'ssh'),
    runLog: (vm) => join(run, `${vm}.log`),
    // APFS ignores case, so 'Lab' and 'lab' are one VM and need one lock.
    vmLock: (vm) => join(run, `${vm.toLowerCase()}.lock`),
    provisionScript: (vm) => join(provision, `${vm}.sh`),
    provisionLog: (vm) => join(provision, `${vm}.log`),
  };
}
