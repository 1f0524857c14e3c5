import { beforeAll, describe, expect, test } from 'bun:test';
import { atOnce } from '../../faults/pool.ts';
import { FAULTS, type FaultName } from '../../faults/table.ts';
import type { Program } from '../../sandbox/mac/mac-api.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { UNWORDED } from '../rusta.ts';
import { writeState } from '../state.ts';
import { type Diagnosis, doctor, healthyMac, plantAlias, plantContext, plantKeg } from './world.ts';

/** What becomes of a doctor whose program fails in a way: nothing of it is known, or something is known to be wrong. */
type Outcome = 'unknown' | 'well' | RegExp;

interface Row {
  readonly call: string;
  readonly outcome: Outcome;
  readonly except?: Partial<Record<FaultName, Outcome>>;
}

const WELL = { 'does nothing': 'well', 'prints garbage': 'well', 'prints megabytes': 'well', 'prints partial JSON': 'well' } as const;
const LIST = /^Tart does not list its VMs: /;
const AGENT = /^The guest agent of VM 'lab' does not answer$/;

/** Every program that a doctor starts on a Mac with a VM that runs and is set up for Docker. */
const ROWS: readonly Row[] = [
  { call: 'uname', outcome: 'unknown' },
  { call: 'sw_vers', outcome: 'unknown' },
  { call: 'sysctl', outcome: 'unknown' },
  { call: 'launchctl', outcome: 'unknown', except: { 'prints megabytes': 'unknown' } },
  { call: 'security', outcome: 'unknown', except: WELL },
  { call: 'df', outcome: 'unknown' },
  { call: 'brew', outcome: 'unknown', except: { missing: /^Homebrew is not installed/ } },
  // Without a route there is none; the way itself is tried too.
  { call: 'route', outcome: 'well', except: { missing: 'unknown' } },
  { call: 'docker', outcome: 'unknown', except: { missing: /the docker context docker-lab is missing$/ } },
  { call: 'tart --version', outcome: 'unknown' },
  { call: 'tart list', outcome: LIST },
  { call: 'tart ip', outcome: 'well' },
  { call: 'tart exec', outcome: AGENT, except: { hangs: AGENT } },
];

interface Cell {
  readonly call: string;
  readonly fault: FaultName;
  readonly outcome: Outcome;
}

const CELLS: readonly Cell[] = ROWS.flatMap(({ call, outcome, except = {} }) =>
  (Object.keys(FAULTS) as FaultName[])
    .filter((fault) => fault !== 'missing' || !call.startsWith('tart'))
    .map((fault) => ({ call, fault, outcome: except[fault] ?? (fault === 'hangs' ? new RegExp(`^'${call}.*' did not answer`) : outcome) })),
);

async function prepare({ call, fault }: Cell): Promise<Mac> {
  const mac = await healthyMac();
  mac.configure({ macos: { session: 'Background' } });
  writeState(mac, '[vms.lab]\ndocker = true\n');
  plantAlias(mac, 'lab', mac.vm('lab').address ?? '');
  await plantContext(mac, 'lab', 'ssh://admin@docker-lab');
  plantKeg(mac, 'openai/tools', ['openai/tools/tart', 'openai/tools/softnet']);
  const [program = '', ...args] = call.split(' ');
  const kind = FAULTS[fault];
  if (kind === 'missing') mac.without(program as Program);
  else mac.configure({ faults: [{ ...kind, program, args }] });
  return mac;
}

/** More at once would only wait for the processor, and an agent that waits for it seems silent. */
const AT_ONCE = 4;
let diagnoses = new Map<Cell, Diagnosis>();

beforeAll(async () => {
  diagnoses = await atOnce(AT_ONCE, CELLS, async (cell) => {
    await using mac = await prepare(cell);
    return await doctor(mac);
  });
}, 600_000);

describe('a program that a doctor asks', () => {
  test.each(CELLS.map((cell) => [`${cell.call} ${cell.fault}`, cell] as const))('%s', (_what, cell) => {
    const { outcome, call } = cell;
    const { code, titles, stdout, stderr } = diagnoses.get(cell) ?? {};
    expect(`${stdout}${stderr}`).not.toMatch(UNWORDED);
    const isFinding = outcome instanceof RegExp;
    expect({ code, titles }).toEqual({ code: isFinding ? 1 : 0, titles: isFinding ? [expect.stringMatching(outcome)] : [] });
    if (outcome !== 'unknown') expect(stderr).toBe('');
    else expect(stderr).toMatch(new RegExp(`^\\[warn\\] not everything could be looked at: .*'${call}.*\n$`));
  });
});
