import { createMac } from '../sandbox/mac.ts';
import { cheapUname } from './cheap-uname.ts';
import { ms, type Row, sideBySide } from './measure.ts';

const RUNS = 20;
const OVER_TART_MS = 60;

/** What a copy costs beside the `tart clone` that makes it. */
export async function benchCopy(rusta: string): Promise<Row[]> {
  await using mac = await createMac();
  cheapUname(mac);
  await mac.addVm('lab');
  // Each run makes a VM of its own, named after its shell.
  const shell = (script: string, program: string) => ({ argv: ['/bin/sh', '-c', script, 'sh', program], env: mac.env });
  const [ours = Number.NaN, theirs = Number.NaN] = sideBySide(RUNS, [
    shell('"$1" create "ours$$" --from lab', rusta),
    shell('"$1" clone lab "theirs$$"', `${mac.bin}/tart`),
  ]);
  return [
    {
      what: '`rusta create web --from lab` over the `tart clone` that it runs',
      measured: ms(ours - theirs),
      budget: ms(OVER_TART_MS),
      ok: ours - theirs <= OVER_TART_MS,
      how: `${ms(ours)} and ${ms(theirs)}, medians of ${RUNS}`,
    },
  ];
}
