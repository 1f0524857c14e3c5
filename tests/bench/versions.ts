import { writeState } from '../e2e/state.ts';
import { startWorld } from '../registry/world.ts';
import { createMac } from '../sandbox/mac.ts';
import { median, ms, type Row } from './measure.ts';

const SOURCES = 10;
const IMAGES = ['a', 'b', 'c', 'd'];
const REQUEST_MS = 50;
const BUDGET = 8;
const RUNS = 5;

/** How many request times `rusta versions` takes for a matrix of 40 cells, beside the same matrix without any delay. */
export async function benchVersions(): Promise<Row[]> {
  const slow: number[] = [];
  const fast: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    slow.push(await timeOf(REQUEST_MS));
    fast.push(await timeOf(0));
  }
  const [ours, base] = [median(slow), median(fast)];
  const requests = (ours - base) / REQUEST_MS;
  return [
    {
      what: `\`rusta versions\` of ${SOURCES * IMAGES.length} cells at ${REQUEST_MS} ms a request`,
      measured: `${requests.toFixed(1)} request times`,
      budget: `${BUDGET} request times`,
      ok: requests <= BUDGET,
      how: `${ms(ours)} and ${ms(base)} without delay, medians of ${RUNS}`,
    },
  ];
}

async function timeOf(delayMs: number): Promise<number> {
  const names = Array.from({ length: SOURCES }, (_, index) => `s${index}`);
  const catalogue = Object.fromEntries(names.flatMap((name) => IMAGES.map((image) => [`${name}/${image}`, ['24.04']])));
  await using mac = await createMac();
  await using world = await startWorld({ kind: 'double', catalogue, hold: () => Bun.sleep(delayMs) });
  writeState(mac, `images = ${JSON.stringify(IMAGES)}\n${names.map((name) => `[[sources]]\nregistry = "ghcr.io/${name}"\n`).join('')}`);
  const started = performance.now();
  const { code, stderr } = await mac.rusta(['versions'], { env: world.env });
  const time = performance.now() - started;
  if (code !== 0 || stderr !== '') throw new Error(`rusta versions ended with ${code}: ${stderr}`);
  return time;
}
