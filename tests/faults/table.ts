import type { Fault } from '../sandbox/knobs.ts';
import type { Mac } from '../sandbox/mac.ts';

/** A command, the Mac that it meets, and every program that it starts there. */
interface Scenario {
  readonly args: readonly string[];
  readonly vm: 'none' | 'stopped' | 'running' | 'started by rusta';
  /** `program` or `program verb`, as they are called. */
  readonly calls: readonly string[];
  /** What must hold when it ends with 0 all the same: success is never only said. */
  readonly achieved: (mac: Mac) => boolean;
}

const running = (mac: Mac) => mac.vm('lab').isRunning;
const off = (mac: Mac) => mac.vm('lab').exists && !mac.vm('lab').isRunning;
const gone = (mac: Mac) => !mac.vm('lab').exists;
const always = () => true;

const SCENARIOS: readonly Scenario[] = [
  { args: ['list'], vm: 'running', calls: ['uname', 'tart list'], achieved: always },
  { args: ['default', 'lab'], vm: 'stopped', calls: ['uname', 'tart list'], achieved: always },
  { args: ['ip', 'lab'], vm: 'running', calls: ['uname', 'tart list', 'tart ip'], achieved: always },
  { args: ['up', 'lab'], vm: 'stopped', calls: ['uname', 'tart list', 'tart run', 'tart exec', 'tart ip'], achieved: running },
  { args: ['down', 'lab', '--timeout', '3'], vm: 'started by rusta', calls: ['uname', 'tart list', 'tart exec'], achieved: off },
  { args: ['down', 'lab', '--force'], vm: 'started by rusta', calls: ['uname', 'tart list', 'tart stop'], achieved: off },
  { args: ['delete', 'lab', '--yes'], vm: 'stopped', calls: ['uname', 'tart list', 'tart delete'], achieved: gone },
  { args: ['ssh', 'lab', '--', 'true'], vm: 'running', calls: ['uname', 'tart list', 'tart ip', 'sshpass', 'ssh'], achieved: always },
  {
    args: ['create', 'lab'],
    vm: 'none',
    calls: ['uname', 'tart list', 'tart clone', 'tart set', 'tart run', 'tart exec', 'guest:apt-get'],
    achieved: off,
  },
  {
    args: ['ssh-copy', 'lab'],
    vm: 'stopped',
    calls: ['uname', 'tart list', 'tart run', 'tart exec', 'sshpass', 'ssh', 'scp'],
    achieved: off,
  },
  {
    args: ['docker-setup', 'lab'],
    vm: 'running',
    calls: ['uname', 'tart list', 'tart ip', 'ssh-keygen', 'ssh-copy-id', 'ssh', 'docker', 'guest:curl'],
    achieved: running,
  },
];

type Kind = Omit<Fault, 'program' | 'args'>;

/** What can become of a program. `missing` is not a fault of the stand-in: it is taken off PATH. */
export const FAULTS: Readonly<Record<string, Kind | 'missing'>> = {
  missing: 'missing',
  'exits 1 with a message': { do: 'exit', code: 1, stderr: 'Error: first line\nsecond line' },
  'exits 2 without a word': { do: 'exit', code: 2 },
  'is killed': { do: 'signal', signal: 'SIGKILL' },
  hangs: { do: 'hang' },
  'prints garbage': { do: 'garbage' },
  'prints megabytes': { do: 'megabytes' },
  'prints partial JSON': { do: 'partial' },
};

export interface Cell {
  readonly scenario: Scenario;
  readonly call: string;
  readonly fault: string;
}

/** These may take hours, or as long as the user wants: Ctrl-C is what ends them. */
const UNBOUNDED = new Set(['sshpass', 'ssh', 'tart clone', 'guest:apt-get', 'guest:curl']);

export function needsInterrupt({ call, fault, scenario }: Cell): boolean {
  return fault === 'hangs' && UNBOUNDED.has(call) && scenario.args[0] !== 'ssh-copy';
}

/** Programs that rusta installs when they are missing: that cell is no failure, and is tested elsewhere. */
const INSTALLED = new Set(['tart', 'sshpass', 'docker']);

export function cells(): Cell[] {
  return SCENARIOS.flatMap((scenario) =>
    scenario.calls.flatMap((call) =>
      Object.keys(FAULTS)
        .filter((fault) => fault !== 'missing' || (!call.includes(' ') && !call.startsWith('guest:') && !INSTALLED.has(call)))
        .map((fault) => ({ scenario, call, fault })),
    ),
  );
}
