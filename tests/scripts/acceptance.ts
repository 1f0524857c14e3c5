/**
 * `bun run acceptance`: the 30 items of the behavioural checklist (spec section 10) with the compiled binary, on throw-away VMs of
 * a real Mac with Tart. Leaves evidence as JSON. Tests run the same before the stand-in Mac.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Evidence, evidenceJson, ledgerOf, type Result, seconds, uuidOf } from '../acceptance/evidence.ts';
import { EXTRAS } from '../acceptance/items/extra.ts';
import { ITEMS } from '../acceptance/items.ts';
import { type Env, makePlace, NOTES, removePlace, whyNot } from '../acceptance/place.ts';
import { type Choice, runItems } from '../acceptance/run.ts';
import { bun, ROOT, sh } from './steps.ts';
import { closingLine } from './tally.ts';

const USAGE = `Usage: bun run acceptance [--yes] [--quick] [--only <numbers>] [--rusta <path>] [--json <path>]
  --yes     do not ask before it begins
  --quick   leave out what takes hours (items 6 and 25)
  --only    items by number, as 4,11,12; 31 and above run only so
  --rusta   the binary to prove; without it dist/rusta is built
  --json    where the evidence goes (dist/acceptance/<date>.json)`;
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const OPTIONS = {
  yes: { type: 'boolean' },
  quick: { type: 'boolean' },
  help: { type: 'boolean' },
  only: { type: 'string' },
  rusta: { type: 'string' },
  json: { type: 'string' },
} as const;

process.exitCode = await main().catch((error: unknown) => {
  console.error(`[error] ${error instanceof Error ? error.message : String(error)}`);
  return 1;
});

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const only = (values.only ?? '').split(',').filter(Boolean).map(Number);
  const all = [...ITEMS, ...EXTRAS];
  const unknown = only.find((number) => !all.some((item) => item.number === number));
  if (unknown !== undefined) throw new Error(`--only takes the numbers 1 to ${all.length}, as 4,11,12`);
  const choice = { quick: values.quick === true, only };
  const json = resolve(values.json ?? join(ROOT, 'dist/acceptance', `${new Date().toISOString().replaceAll(':', '-')}.json`));
  const env = Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const reason = whyNot(env);
  if (reason !== undefined) throw new Error(reason);
  announce(choice, json);
  if (!values.yes && !agreed()) throw new Error("nothing was done: say 'y' on a terminal, or pass --yes");
  if (values.rusta === undefined) await build();
  return prove(env, resolve(values.rusta ?? join(ROOT, 'dist/rusta')), choice, json);
}

function announce({ quick, only }: Choice, json: string): void {
  const size = quick
    ? 'two Ubuntu images, 1-2 GB each, and the packages of a login screen'
    : 'every Ubuntu image, 1-2 GB each, their desktops, and Docker';
  console.error(`This runs ${only.length === 0 ? 'all 30' : only.length} items of rusta's checklist on VMs of its own, one running at a time (6 CPUs, 8 GB of memory).
  where      ~/.rusta-acceptance-<random> holds VMs, images, and a HOME for rusta; it is removed at the end, also after Ctrl-C
  untouched  your VMs, ~/.ssh, Docker contexts and rusta's state; a VM of yours must not be started meanwhile
  installs   with Homebrew, if they are missing: sshpass${quick ? '' : ', docker'}
  downloads  ${size}
  takes      ${quick ? 'about half an hour, and 30 GB of disk' : 'a few hours, and 60 GB of disk'}; windows of VMs open and close
  evidence   ${json}`);
}

function agreed(): boolean {
  return process.stdin.isTTY === true && confirm('Go on?');
}

async function build(): Promise<void> {
  for (const command of [bun('install', '--frozen-lockfile'), bun('run', '--silent', 'build')]) {
    if ((await sh(command)) !== 0) throw new Error(`'${command.slice(1).join(' ')}' failed`);
  }
}

async function prove(env: Env, rusta: string, choice: Choice, json: string): Promise<number> {
  const interrupt = new AbortController();
  let signalled: keyof typeof EXIT_CODES | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      signalled ??= signal;
      interrupt.abort(`interrupted (${signal})`);
    });
  }
  const startedAt = new Date().toISOString();
  const started = performance.now();
  const place = makePlace(env);
  let items: Result[] = [];
  let leftBehind: string[] = [];
  try {
    const wanted = [...ITEMS, ...EXTRAS.filter(({ number }) => choice.only.includes(number))];
    items = await runItems(wanted, choice, { place, rusta, signal: interrupt.signal, made: new Map() }, tell);
  } finally {
    console.error('removing the VMs ...');
    leftBehind = removePlace(place);
  }
  const count = (verdict: Result['verdict']) => items.filter((item) => item.verdict === verdict).length;
  const [passed, failed, skipped] = [count('pass'), count('fail'), count('skipped')];
  const about = { startedAt, seconds: seconds(started), ...machineOf(env, rusta), options: choice, notes: NOTES };
  const evidence: Evidence = { schema: 1, ...about, passed, failed, skipped, items, ledger: ledgerOf(items), leftBehind };
  mkdirSync(dirname(json), { recursive: true });
  writeFileSync(json, evidenceJson(evidence, env));
  for (const { number, verdict, seconds: took, title } of items) {
    console.log(`${String(number).padStart(2)}  ${verdict.padEnd(7)} ${took.toFixed(1).padStart(7)} s  ${title}`);
  }
  for (const line of leftBehind) console.error(`[error] left behind: ${line}`);
  console.log(`evidence: ${json}\n${closingLine({ passed, failed })}${skipped === 0 ? '' : `, ${skipped} skipped`}`);
  if (signalled !== undefined) return EXIT_CODES[signalled];
  return failed === 0 && leftBehind.length === 0 ? 0 : 1;
}

function tell({ number, title, verdict, seconds: took, reason }: Result): void {
  console.error(`[${number}/${ITEMS.length}] ${verdict} (${took.toFixed(1)} s) ${title}${reason === undefined ? '' : `\n  ${reason}`}`);
}

function machineOf(env: Env, rusta: string): Pick<Evidence, 'rusta' | 'tart' | 'homebrew' | 'macos' | 'machine'> {
  const say = (program: string, ...args: string[]) => {
    const path = program.includes('/') ? program : Bun.which(program, { PATH: env['PATH'] ?? '' });
    return path === null ? '' : String(Bun.spawnSync([path, ...args], { env, stderr: 'ignore' }).stdout).trim();
  };
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  return {
    rusta: { path: rusta, version: say(rusta, '--version'), uuid: uuidOf(readFileSync(rusta)) },
    tart: say('tart', '--version'),
    homebrew: say('brew', '--version').split('\n')[0] ?? '',
    macos: say('sw_vers', '-productVersion') || `none (${type()} ${release()})`,
    machine: `${say('uname', '-m')}, ${cpus()[0]?.model}, ${cpus().length} CPUs, ${gigabytes} GB`,
  };
}
