import type { Knobs, KnobsPatch } from '../knobs.ts';
import type { RunOptions, RunResult, Started } from '../spawn.ts';
import type { Call, MacEvent } from '../standin/record.ts';
import type { SandboxVm } from './vm.ts';

export type Program =
  | ('tart' | 'brew' | 'sshpass' | 'docker' | 'ssh' | 'scp' | 'ssh-copy-id' | 'ssh-keygen' | 'ssh-add')
  | ('uname' | 'sw_vers' | 'sysctl' | 'launchctl' | 'security' | 'route' | 'df' | 'lsof');

export interface MacOptions {
  readonly knobs?: KnobsPatch;
  /** programs that are not on PATH; `brew install` may bring them */
  readonly without?: readonly Program[];
}

export interface Mac extends AsyncDisposable {
  readonly root: string;
  readonly home: string;
  readonly bin: string;
  readonly tartHome: string;
  /** what programs get, and nothing else: PATH, HOME, USER, TART_HOME, SANDBOX, LANG, TERM, RUSTA_SSH_PORT */
  readonly env: Readonly<Record<string, string>>;
  readonly knobs: Knobs;
  run(program: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** the compiled product, dist/rusta */
  rusta(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  start(program: string, args: readonly string[], options?: RunOptions): Started;
  /** turns knobs at any moment; faults begin to count anew */
  configure(patch: KnobsPatch): void;
  /** every start of a stand-in program, in order; of one program if named */
  calls(program?: string): Call[];
  events(): MacEvent[];
  /** resolves with the first such event, also one that came before */
  event(name: string, vm?: string, timeoutMs?: number): Promise<MacEvent>;
  /** publishes an image and, unless `cached` is false, puts it in the cache as if pulled */
  addImage(reference: string, options?: { readonly cached?: boolean }): void;
  /** a VM as `tart clone` makes it, with a MAC of its own; running: booted, agent, address and a scratch guest's sshd there (as far as knobs allow) */
  addVm(name: string, options?: { readonly running?: boolean }): Promise<SandboxVm>;
  vm(name: string): SandboxVm;
  /** takes a program off PATH */
  without(program: Program): void;
}
