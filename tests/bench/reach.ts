import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mac } from '../sandbox/mac.ts';
import { whyUnsupported } from '../sandbox/system/base/packages.ts';
import { systemMac } from '../system/guest.ts';
import { type Measured, median, ms, type Row, sideBySide } from './measure.ts';

const LOGINS = 20;
const SHARED_BUDGET = 0.4;
const RUNS = 15;
const LATENCY_MS = 60;
const MEGABYTES = 200;
const TRANSFERS = 3;
const THROUGHPUT_BUDGET = 0.7;

/** What rusta's ways into a guest cost beside ssh itself, with a real sshd. Guests that boot need Linux and root: elsewhere nothing is measured. */
export async function benchReach(rusta: string): Promise<Row[]> {
  const reason = whyUnsupported();
  if (reason !== undefined) {
    console.error(`left out: ${reason}`);
    return [];
  }
  await using mac = await systemMac();
  await mac.addVm('lab');
  for (const args of [
    ['up', 'lab'],
    ['ssh-setup', 'lab'],
  ])
    await ok(mac, rusta, ...args);
  const direct = directly(mac);
  return [shared(mac, rusta, direct), latency(mac, direct), ...(await throughput(mac, direct))];
}

/** ssh with the same key, and nothing of rusta in between. */
function directly(mac: Mac): string[] {
  const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR', 'IdentitiesOnly=yes', 'BatchMode=yes'];
  const key = ['-i', join(mac.home, '.ssh/id_ed25519')];
  return ['/usr/bin/ssh', '-F', 'none', ...key, ...options.flatMap((option) => ['-o', option]), `admin@${mac.vm('lab').address}`];
}

function shared(mac: Mac, rusta: string, direct: readonly string[]): Row {
  const [ours = Number.NaN, theirs = Number.NaN] = sideBySide(LOGINS, [
    { argv: [rusta, 'ssh', 'lab', '--', 'true'], env: mac.env },
    { argv: [...direct, 'true'], env: mac.env },
  ]);
  const ratio = ours / theirs;
  return {
    what: `\`rusta ssh lab -- true\`, ${LOGINS} times, beside as many logins`,
    measured: percent(ratio),
    budget: `at most ${percent(SHARED_BUDGET)}`,
    ok: ratio <= SHARED_BUDGET,
    how: `${ms(ours)} and ${ms(theirs)}, medians`,
  };
}

function latency(mac: Mac, direct: readonly string[]): Row {
  const named: Measured = { argv: [join(mac.bin, 'ssh'), 'rusta-lab', 'true'], env: mac.env };
  const [ours = Number.NaN, theirs = Number.NaN] = sideBySide(RUNS, [named, { argv: [...direct, 'true'], env: mac.env }]);
  return {
    what: '`ssh rusta-lab true` over ssh to the address',
    measured: ms(ours - theirs),
    budget: ms(LATENCY_MS),
    ok: ours - theirs <= LATENCY_MS,
    how: `${ms(ours)} and ${ms(theirs)}, medians of ${RUNS}`,
  };
}

async function throughput(mac: Mac, direct: readonly string[]): Promise<Row[]> {
  const file = join(mac.home, 'big.bin');
  writeFileSync(file, new Uint8Array(MEGABYTES * 1_000_000));
  const named = [join(mac.bin, 'ssh'), 'rusta-lab'];
  const agent = [...named.slice(0, 1), '-o', `ProxyCommand='${mac.home}/via-agent'`, 'rusta-lab'];
  writeFileSync(join(mac.home, 'via-agent'), `#!/bin/sh\nexec ${join(import.meta.dir, '../../dist/rusta')} connect lab --via-agent\n`, {
    mode: 0o755,
  });
  const times = new Map<readonly string[], number[]>([direct, named, agent].map((way) => [way, []]));
  for (let run = 0; run < TRANSFERS; run += 1) {
    for (const [way, taken] of times) taken.push(await transfer(mac, way, file));
  }
  const [base = Number.NaN, ours = Number.NaN, through = Number.NaN] = [...times.values()].map((taken) => MEGABYTES / median(taken));
  const how = (rate: number) => `${rate.toFixed(0)} and ${base.toFixed(0)} MB/s, medians of ${TRANSFERS} times ${MEGABYTES} MB`;
  return [
    {
      what: 'throughput of `ssh rusta-lab` beside ssh to the address',
      measured: percent(ours / base),
      budget: `at least ${percent(THROUGHPUT_BUDGET)}`,
      ok: ours / base >= THROUGHPUT_BUDGET,
      how: how(ours),
    },
    // How fast vsock is, only a Mac can say.
    { what: "the same through the stand-in's guest agent", measured: percent(through / base), budget: 'none', ok: true, how: how(through) },
  ];
}

/** Seconds. */
async function transfer(mac: Mac, way: readonly string[], file: string): Promise<number> {
  const started = performance.now();
  const child = Bun.spawn([...way, 'cat > /dev/null'], { env: { ...mac.env }, stdio: [Bun.file(file), 'ignore', 'inherit'] });
  if ((await child.exited) !== 0) throw new Error(`${way.join(' ')} ended with ${child.exitCode}`);
  return (performance.now() - started) / 1_000;
}

async function ok(mac: Mac, rusta: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await mac.run(rusta, args, { timeoutMs: 60_000 });
  if (code !== 0) throw new Error(`rusta ${args.join(' ')} ended with ${code}: ${stderr}`);
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
