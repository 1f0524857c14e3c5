import { createMac } from '../sandbox/mac.ts';
import { ms, type Row, sideBySide } from './measure.ts';

const RUNS = 30;
/** What a user still takes for at once, with the stand-in's `tart`, which is slower than Tart. */
const TAB_MS = 150;

/** What a Tab behind `rusta up` costs: one start of rusta, and one of `tart`. */
export async function benchComplete(rusta: string): Promise<Row[]> {
  await using mac = await createMac();
  for (const name of ['lab', 'web', 'db']) await mac.addVm(name);
  const argv = ['__complete', '--', 'up', ''];
  const { stdout } = await mac.rusta(argv);
  if (stdout.split('\n').length !== 4) throw new Error(`a Tab offers ${JSON.stringify(stdout)}`);
  const [time = Number.NaN] = sideBySide(RUNS, [{ argv: [rusta, ...argv], env: mac.env }]);
  return [{ what: 'a Tab that offers names of VMs', measured: ms(time), budget: ms(TAB_MS), ok: time <= TAB_MS, how: `median of ${RUNS}` }];
}
