import { basename } from 'node:path';
import { pathExists } from '../../system/files/files.ts';
import type { Processes } from '../../system/programs/processes.ts';
import type { Runner } from '../../system/programs/runner.ts';
import { SHARE_NAME } from './shared-folders.ts';

const PS_TIMEOUT_MS = 5_000;
/** It looks at all open files. */
const LSOF_TIMEOUT_MS = 10_000;

/** Tells a VM's `tart run` from other processes. */
export interface TartProcesses {
  /**
   * Resolves with true only if the pid is alive, belongs to us and its command line is `tart run … <vm>` (D5); with undefined if it is
   * alive, but `ps` does not tell.
   */
  isRunOf(vm: string, pid: number): Promise<boolean | undefined>;
  /**
   * Returns the pid of the `tart run` that has the `config.json` of the VM open, as it does while the VM runs; undefined if there is none,
   * or `lsof` is missing.
   */
  findRunOf(vm: string, configFile: string): Promise<number | undefined>;
  /** Tells whether the process has ended and only waits for its parent to collect it. A signal does not tell: macOS accepts one for it. */
  isZombie(pid: number): Promise<boolean>;
}

export function createTartProcesses(runner: Runner, processes: Processes): TartProcesses {
  return {
    isRunOf: (vm, pid) => isTartRunOf(vm, pid, runner, processes),
    async findRunOf(vm, configFile) {
      if (runner.which('lsof') === undefined) return undefined;
      const { stdout } = await runner.run({ program: 'lsof', args: ['-t', '--', configFile], timeoutMs: LSOF_TIMEOUT_MS });
      for (const word of stdout.split('\n')) {
        const pid = Number(word);
        if (pid > 1 && (await isTartRunOf(vm, pid, runner, processes)) === true) return pid;
      }
      return undefined;
    },
    async isZombie(pid) {
      const { stdout } = await runner.run({ program: 'ps', args: ['-o', 'stat=', '-p', String(pid)], timeoutMs: PS_TIMEOUT_MS });
      return stdout.trim().startsWith('Z');
    },
  };
}

async function isTartRunOf(vm: string, pid: number, runner: Runner, processes: Processes): Promise<boolean | undefined> {
  if (!processes.isAlive(pid)) return false;
  const ps = await runner.run({
    program: 'ps',
    args: ['-ww', '-o', 'uid=', '-o', 'command=', '-p', String(pid)],
    timeoutMs: PS_TIMEOUT_MS,
  });
  const line = /^\s*(\d+)\s+([\s\S]*?)\s*$/.exec(ps.stdout);
  if (ps.code !== 0 || !line?.[1] || line[2] === undefined) return processes.isAlive(pid) ? undefined : false;
  if (Number(line[1]) !== processes.uid) return false;
  if (isTartRun(line[2], vm)) return true;
  // `ps` may spell letters beyond ASCII in its own way.
  return /^[ -~]*$/.test(vm) ? false : undefined;
}

/** Options of `tart run` whose value is the next word (docs/tart.md, section 3). */
const WITH_VALUE: ReadonlySet<string> = new Set([
  ...['--serial-path', '--disk', '--root-disk-opts', '--rosetta', '--dir', '--net-bridged'],
  ...['--net-softnet-allow', '--net-softnet-block', '--net-softnet-expose', '--net-softnet-control-fd'],
]);
/** Shared folders as rusta itself writes them, whose paths may have spaces. */
const OUR_SHARES = new RegExp(` --dir ${SHARE_NAME}:/.*?:(?:ro,)?tag=rusta-\\d+(?= |$)`, 'gs');
/** A shell in front of a script, such as Homebrew's shim. With `-c` it runs a text, which proves nothing. */
const SHELL = /^(?:\S*\/)?(?:ba|da|k|z)?sh (?:-[abd-zA-Z]+ )*/;

/**
 * Tells whether a command line, words joined by spaces as `ps` shows it, is `tart run … <vm>`. Strict, because a signal may follow: the
 * program must be `tart` itself or a shell that runs it, and `<vm>` the only word that is neither option nor value. A name of several
 * words is believed only as rusta itself writes it.
 */
export function isTartRun(commandLine: string, vm: string): boolean {
  const plain = commandLine.trim().replace(OUR_SHARES, '');
  const [, program = '', rest = ''] = /^((?:.*?[/ ])?tart) run (.*)$/s.exec(plain) ?? [];
  if (!isTart(program.replace(SHELL, ''))) return false;
  if (/\s/.test(vm)) return [vm, `${vm} --no-graphics`, `--no-graphics ${vm}`].includes(rest);
  const words = rest.split(/\s+/);
  const names = words.filter((word, index) => !word.startsWith('-') && !WITH_VALUE.has(words[index - 1] ?? ''));
  return names.length === 1 && names[0] === vm;
}

/** Tells whether a text is the path of `tart`. With spaces it may also be a program and its arguments, so the path must exist. */
function isTart(program: string): boolean {
  if (basename(program) !== 'tart') return false;
  return !program.includes(' ') || (program.startsWith('/') && !program.includes(' /') && pathExists(program));
}
