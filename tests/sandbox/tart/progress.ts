import { out, write } from '../standin/io.ts';

/** Percent lines: each over the one before, even when nobody sees a terminal; plain with CI set. */
export function percentLines(): (percent: number) => void {
  const plain = process.env['CI'] !== undefined;
  let first = true;
  return (percent) => {
    if (plain || first) out(`${percent}%`);
    else write(1, `\x1b[1A\r\x1b[J${percent}%\n`);
    first = false;
  };
}
