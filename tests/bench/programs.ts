import { createMac, type Mac } from '../sandbox/mac.ts';
import type { Row } from './measure.ts';

type Counts = Readonly<Record<string, number>>;

interface Counted {
  readonly args: readonly string[];
  /** When it is measured. */
  readonly when: string;
  readonly budget: Counts;
}

const ON_A_STOPPED: readonly Counted[] = [
  { args: ['list'], when: '', budget: { tart: 1 } },
  { args: ['down', 'lab'], when: ' on a stopped VM', budget: { tart: 1 } },
];
const ON_A_RUNNING: readonly Counted[] = [
  { args: ['up', 'lab'], when: ' on a running VM', budget: { tart: 1 } },
  { args: ['ip', 'lab'], when: '', budget: { tart: 2 } },
  { args: ['ssh', 'lab', '--', 'true'], when: '', budget: { tart: 2, sshpass: 1, ssh: 1 } },
];

/** Programs that each command starts on the Mac, beside the one `uname`. */
export async function benchPrograms(): Promise<Row[]> {
  await using mac = await createMac();
  const rows: Row[] = [];
  await mac.addVm('lab');
  for (const counted of ON_A_STOPPED) rows.push(await count(mac, counted));
  await rusta(mac, ['up', 'lab']);
  for (const counted of ON_A_RUNNING) rows.push(await count(mac, counted));
  return rows;
}

async function count(mac: Mac, { args, when, budget }: Counted): Promise<Row> {
  const before = mac.calls().length;
  await rusta(mac, args);
  const started = mac
    .calls()
    .slice(before)
    .map(({ program }) => program)
    .filter((program) => !program.startsWith('guest:'));
  const unames = started.filter((program) => program === 'uname').length;
  const others = started.filter((program) => program !== 'uname');
  const counts: Counts = Object.fromEntries([...new Set(others)].map((name) => [name, others.filter((one) => one === name).length]));
  const within = Object.entries(counts).every(([name, times]) => times <= (budget[name] ?? 0));
  return {
    what: `programs started by \`rusta ${args.join(' ')}\`${when}`,
    measured: words(counts),
    budget: words(budget),
    ok: within && unames <= 1,
    how: `beside ${unames} uname`,
  };
}

async function rusta(mac: Mac, args: readonly string[]): Promise<void> {
  const { code, stderr } = await mac.rusta(args);
  if (code !== 0) throw new Error(`rusta ${args.join(' ')} ended with ${code}: ${stderr}`);
}

function words(counts: Counts): string {
  return Object.entries(counts)
    .map(([name, times]) => `${times} ${name}`)
    .join(', ');
}
