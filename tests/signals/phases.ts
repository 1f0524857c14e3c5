import type { Fault } from '../sandbox/fault.ts';
import type { KnobsPatch } from '../sandbox/knobs.ts';

/** A moment of a command: what it waits for, and what a signal at that moment must leave. */
export interface Phase {
  readonly args: readonly string[];
  /** `lab` before: off, running without rusta's doing, or started by `rusta up`. */
  readonly vm: 'none' | 'off' | 'running' | 'up';
  /** As read in the title of its tests. */
  readonly while: string;
  /** `program verb … #n` that is at work at that moment, for the n-th time; with `over`, that has just ended. */
  readonly call: string;
  readonly over?: true;
  /** What makes it last. */
  readonly knobs: KnobsPatch;
  readonly leaves: 'gone' | 'off' | 'running';
  /** rusta booted it for this command: it must shut it down, not cut its power. */
  readonly owner?: true;
  /** All is done but the last shutdown: there is nothing to resume. */
  readonly isComplete?: true;
  /** A line that tells what is left. */
  readonly says?: string;
  readonly ways?: readonly Way[];
}

/** Signals sent to rusta alone, Ctrl-C typed on its terminal, and its terminal closed. */
export const WAYS = {
  SIGINT: { code: 130, message: '[error] interrupted (SIGINT)' },
  SIGTERM: { code: 143, message: '[error] interrupted (SIGTERM)' },
  SIGHUP: { code: 129, message: '[error] interrupted (SIGHUP)' },
  'Ctrl-C': { code: 130, message: '[error] interrupted (SIGINT)' },
  'closed terminal': { code: 129, message: '[error] interrupted (SIGHUP)' },
} as const;
export type Way = keyof typeof WAYS;

type Rest = Omit<Phase, 'args' | 'vm' | 'leaves' | 'while' | 'call' | 'knobs'>;
type Row = readonly [moment: string, knobs?: KnobsPatch | undefined, rest?: Rest];

/** `tart list #2` */
export function parseCall(call: string): { readonly program: string; readonly args: readonly string[]; readonly nth: number } {
  const [words = '', nth = '1'] = call.split(' #');
  const [program = '', ...args] = words.split(' ');
  return { program, args, nth: Number(nth) };
}

function hanging(call: string): readonly Fault[] {
  const { program, args, nth } = parseCall(call);
  return [{ program, args, do: 'hang', after: nth - 1 }];
}

/** Rows without knobs: that program hangs. */
function of(line: string, vm: Phase['vm'], leaves: Phase['leaves'], rows: readonly Row[], all: Rest = {}): Phase[] {
  return rows.map(([moment, knobs, rest]) => {
    const call = moment.replace(/^after /, '');
    const over = moment.startsWith('after ') ? { over: true as const } : {};
    return { args: line.split(' '), vm, leaves, while: moment, call, ...over, knobs: knobs ?? { faults: hanging(call) }, ...all, ...rest };
  });
}

const noSsh: KnobsPatch = { behavior: { ssh: 'never' } };
const noIp: KnobsPatch = { faults: [{ program: 'tart', args: ['ip'], do: 'exit', stderr: 'no IP address found' }] };
const noAgent: KnobsPatch = { behavior: { agent: 'never' } };
const staysOn: KnobsPatch = { behavior: { ignoresShutdown: true } };
const onTerminals: Rest = { ways: ['Ctrl-C', 'closed terminal'] };
const stopped: Rest = { owner: true, says: "Stopping VM 'lab' ..." };
const kept: Rest = {
  owner: true,
  says: "VM 'lab' is stopped and was kept, with all that was done so far. Go on with 'rusta create lab --resume'",
};
const complete: Rest = { owner: true, isComplete: true, says: "VM 'lab' is complete and stopped. 'rusta up lab' starts it." };
const nothingLeft: Rest = { says: "Nothing is left of VM 'lab'. Try again with 'rusta create lab ...'.", ...onTerminals };
const mayGoOff: Rest = { says: "VM 'lab' may go off all the same: 'rusta list' shows when it has." };
const goesOn: Rest = { says: "VM 'lab' keeps starting. 'rusta down lab' stops it." };

const COPY: readonly Row[] = [['after tart ip', noSsh], ['ssh'], ['scp'], ['ssh #2']];
const DOCKER: readonly Row[] = [
  ['after tart ip', noSsh],
  ['ssh-copy-id'],
  ['ssh'],
  ['guest:curl'],
  ['docker context inspect'],
  ['docker context create'],
];
const BOOT: readonly Row[] = [['tart exec lab true #3', noAgent], ['tart exec lab true'], ['tart ip #2', noIp]];
const OFF_AGAIN: readonly Row[] = [['tart exec lab sudo shutdown'], ['after tart exec lab sudo shutdown', staysOn]];

/** tests/e2e has some of them already, with signals on pipes: then these are the terminals. */
export const PHASES: readonly Phase[] = [
  ...of('up lab', 'off', 'off', [['uname'], ['tart list']]),
  ...of('up lab', 'off', 'running', [['tart exec lab true', undefined, goesOn]]),
  ...of('up lab', 'off', 'running', [['tart ip'], ['tart ip #2', noIp]], { says: "[ok] VM 'lab' is running" }),
  ...of('down lab', 'up', 'running', [['uname'], ['tart list'], ['ps'], ['tart exec lab sudo shutdown', undefined, mayGoOff]]),
  ...of('down lab', 'up', 'running', [['after tart exec lab sudo shutdown', staysOn]], { ...mayGoOff, ...onTerminals }),
  ...of('down lab', 'running', 'running', [
    ['after tart exec lab sudo shutdown', staysOn],
    ['tart list #2', { ...staysOn, faults: hanging('tart list #2') }],
  ]),
  ...of('down lab --force', 'up', 'running', [['tart stop']]),
  ...of('ssh lab -- curl there', 'running', 'running', [['uname'], ['tart list'], ['tart ip'], ['after tart ip', noSsh], ['ssh']]),
  // There Ctrl-C is a letter that the guest gets.
  ...of('ssh lab -- curl there', 'running', 'running', [['guest:curl']], { ways: ['SIGINT', 'SIGTERM', 'SIGHUP', 'closed terminal'] }),
  ...of('ssh --auto-up lab', 'off', 'running', [['tart exec lab true', undefined, goesOn]]),
  ...of('ssh-copy lab', 'running', 'running', COPY),
  ...of('ssh-copy lab', 'off', 'off', [['uname'], ['tart list']]),
  ...of('ssh-copy lab', 'off', 'off', [...BOOT, ...COPY, ...OFF_AGAIN], stopped),
  ...of('docker-setup lab', 'running', 'running', [['ssh-keygen'], ...DOCKER]),
  ...of('docker-setup lab', 'off', 'off', [['uname'], ['tart list'], ['ssh-keygen']]),
  ...of('docker-setup lab', 'off', 'off', [...BOOT, ...DOCKER, ...OFF_AGAIN], stopped),
  ...of('create lab', 'none', 'gone', [['uname'], ['tart list']]),
  ...of('create lab', 'none', 'gone', [['tart clone'], ['tart set']], nothingLeft),
  ...of('create lab', 'none', 'off', [...BOOT.slice(0, 2), ['tart exec -i'], ['guest:apt-get']], { ...kept, ...onTerminals }),
  ...of('create lab', 'none', 'off', OFF_AGAIN, { ...complete, ...onTerminals }),
  ...of('create lab --ssh-copy-keys', 'none', 'off', [['scp']], stopped),
];
