import type { Fault } from './fault.ts';
import { defaultMacOs, type MacOsKnobs } from './host/macos-knobs.ts';

export type { Fault } from './fault.ts';

/** Everything a test can turn, at any moment: `mac.configure(patch)` rewrites the file, every program reads it at its start. */
export interface Knobs {
  readonly guest: 'scratch' | 'system';
  readonly tartVersion: string;
  /** What `uname -m` says. */
  readonly machine: string;
  /** Repositories that the registry has, with their tags. */
  readonly registry: Readonly<Record<string, readonly string[]>>;
  /** where scratch guests listen, each on its own address; chosen by createMac */
  readonly sshPort: number;
  readonly user: string;
  readonly password: string;
  readonly timing: Timing;
  readonly behavior: Behavior;
  /** Behaviour of single VMs, over `behavior`. */
  readonly perVm: Readonly<Record<string, Partial<Behavior>>>;
  readonly brew: BrewKnobs;
  readonly macos: MacOsKnobs;
  readonly faults: readonly Fault[];
}

/** Milliseconds throughout. */
export interface Timing {
  /** from the start of `tart run` to its lock on config.json */
  readonly lock: number;
  /** from the boot to the agent listening */
  readonly agentUp: number;
  /** from the boot to a DHCP lease */
  readonly ip: number;
  /** from the boot to sshd listening */
  readonly ssh: number;
  /** from the request to the guest being off */
  readonly shutdown: number;
  /** how long `exec` tries to connect (30 s in life) */
  readonly execWindow: number;
  /** its first pause, growing by 1.6 (1 s in life) */
  readonly execRetry: number;
  /** one second of `tart ip`: its pause, and the unit of --wait */
  readonly ipSecond: number;
  /** how often `stop` looks at the lock (100 ms in life) */
  readonly stopPoll: number;
  /** one second of `stop --timeout` */
  readonly stopSecond: number;
  /** a whole pull */
  readonly pull: number;
  /** how long a lease is good for */
  readonly lease: number;
}

export interface Behavior {
  /** never: the agent does not come up */
  readonly agent: 'up' | 'never';
  readonly ssh: 'up' | 'never';
  readonly ip: 'dhcp' | 'never' | 'changes';
  /** what becomes of connections from the Mac to the guest's address; its agent is reached in any case */
  readonly network: 'open' | 'refused' | 'silent' | 'no way';
  /** the guest runs docker: its bridge has an address, and comes first */
  readonly docker0: boolean;
  /** `shutdown`, `poweroff` in the guest do nothing */
  readonly ignoresShutdown: boolean;
  readonly ignoresPowerButton: boolean;
  /** `run` ignores SIGINT, so `stop` needs its SIGKILL */
  readonly ignoresStop: boolean;
  /** `run` fails to start with this text on stderr, exit 1 */
  readonly bootError: string | undefined;
  /** the guest crashes so many ms after boot (`run` still exits 0) */
  readonly crashAfter: number | undefined;
  /** what goes off so many ms after an exec began whose command line has this text */
  readonly lossDuringExec: { readonly of: 'power' | 'agent'; readonly after: number; readonly command: string } | undefined;
  /** `shutdown` returns before the power goes; else it is cut off, and `exec` ends in a gRPC error */
  readonly shutdownReturns: boolean;
  /** the agent's stream ends without an exit event: `exec` says 0 */
  readonly losesExit: boolean;
  /** 2.36: a control socket that cannot be bound aborts `run`; before, it is silent */
  readonly socketError: 'silent' | 'fatal';
}

interface BrewKnobs {
  readonly prefix: string | undefined;
  /** From 6 on, taps beside Homebrew's own have to be trusted. */
  readonly version: string;
  /** Formulas of homebrew/core, by name. */
  readonly core: Readonly<Record<string, BrewFormula>>;
  /** What can be tapped, by `user/name`. */
  readonly taps: Readonly<Record<string, BrewTap>>;
}

interface BrewTap {
  /** Where it is cloned from if that is not the place that its name says. */
  readonly remote?: string;
  readonly formulas: Readonly<Record<string, BrewFormula>>;
}

export interface BrewFormula {
  /** What appears in bin/. */
  readonly program?: string;
  /** Full names. */
  readonly needs?: readonly string[];
}

export type KnobsPatch = {
  readonly [K in keyof Knobs]?: Knobs[K] extends readonly unknown[] | string | number ? Knobs[K] : Partial<Knobs[K]>;
};

export const defaultKnobs: Knobs = {
  guest: 'scratch',
  tartVersion: '2.32.1',
  machine: 'arm64',
  registry: {
    'ghcr.io/cirruslabs/ubuntu': ['latest', '22.04', '24.04', '26.04'],
    'ghcr.io/cirruslabs/ubuntu-desktop': ['latest', '24.04'],
  },
  sshPort: 22,
  user: 'admin',
  password: 'admin',
  timing: {
    lock: 10,
    agentUp: 50,
    ip: 30,
    ssh: 40,
    shutdown: 20,
    execWindow: 1500,
    execRetry: 50,
    ipSecond: 100,
    stopPoll: 20,
    stopSecond: 100,
    pull: 30,
    lease: 86_400_000,
  },
  behavior: {
    agent: 'up',
    ssh: 'up',
    ip: 'dhcp',
    network: 'open',
    docker0: false,
    ignoresShutdown: false,
    ignoresPowerButton: false,
    ignoresStop: false,
    bootError: undefined,
    crashAfter: undefined,
    lossDuringExec: undefined,
    shutdownReturns: false,
    losesExit: false,
    socketError: 'silent',
  },
  perVm: {},
  brew: {
    prefix: undefined,
    version: '6.0.1',
    core: { sshpass: { program: 'sshpass' }, docker: { program: 'docker' } },
    taps: {
      'cirruslabs/cli': { formulas: { tart: { program: 'tart', needs: ['cirruslabs/cli/softnet'] }, softnet: {} } },
      'openai/tools': { formulas: { tart: { program: 'tart', needs: ['openai/tools/softnet'] }, softnet: {} } },
      'pallewela/rusta': { remote: 'https://github.com/pallewela/rusta', formulas: { rusta: { program: 'rusta' } } },
    },
  },
  macos: defaultMacOs,
  faults: [],
};

/** Records are merged key by key, everything else is replaced. */
export function mergeKnobs(base: Knobs, patch: KnobsPatch): Knobs {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    const isRecord = typeof value === 'object' && !Array.isArray(value);
    merged[key] = isRecord ? { ...(merged[key] as object), ...value } : value;
  }
  return merged as unknown as Knobs;
}

export const behaviorOf = (knobs: Knobs, vm: string): Behavior => ({ ...knobs.behavior, ...knobs.perVm[vm] });
