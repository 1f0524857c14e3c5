import type { Paths } from './state/paths.ts';
import type { PidFiles } from './state/pid.ts';
import type { SshFiles } from './state/ssh/files.ts';
import type { Store } from './state/store.ts';
import type { VmLocks } from './state/vm-lock.ts';
import type { Clock } from './system/clock.ts';
import type { Interrupt } from './system/interrupt.ts';
import type { Processes } from './system/programs/processes.ts';
import type { Runner } from './system/programs/runner.ts';
import type { Stdio } from './system/terminal/stdio.ts';
import type { Timeouts } from './system/timeouts.ts';
import type { Docker } from './tools/docker.ts';
import type { Brew } from './tools/homebrew/brew.ts';
import type { Registry } from './tools/registry.ts';
import type { SshKeygen } from './tools/ssh/keygen.ts';
import type { Ssh } from './tools/ssh/ssh.ts';
import type { TartFiles } from './tools/tart/files.ts';
import type { TartProcesses } from './tools/tart/process.ts';
import type { Tart } from './tools/tart/tart.ts';
import type { Output } from './ui/output.ts';
import type { Progress } from './ui/progress.ts';
import type { Prompter } from './ui/prompt.ts';

/**
 * Everything that a command may use; compose.ts builds it once. Use cases that need up to four parts of it take a
 * `Pick<App, …>`, so that tests can build them by hand; the others take the whole.
 */
export interface App {
  readonly out: Output;
  readonly progress: Progress;
  readonly prompt: Prompter;
  readonly tart: Tart;
  readonly tartProcesses: TartProcesses;
  readonly tartFiles: TartFiles;
  readonly brew: Brew;
  readonly ssh: Ssh;
  readonly sshKeygen: SshKeygen;
  readonly docker: Docker;
  readonly registry: Registry;
  readonly store: Store;
  readonly sshFiles: SshFiles;
  readonly pids: PidFiles;
  readonly locks: VmLocks;
  readonly paths: Paths;
  readonly runner: Runner;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly timeouts: Timeouts;
  readonly interrupt: Interrupt;
  readonly stdio: Stdio;
  readonly env: Readonly<Record<string, string>>;
  readonly verbose: boolean;
  /** The path by which rusta was called. */
  readonly program: string;
  /** Returns the bytes that may still be written where this path is; undefined if the system does not tell. */
  readonly freeBytes: (path: string) => number | undefined;
}
