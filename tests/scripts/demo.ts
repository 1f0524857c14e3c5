/** `bun run demo`: the whole life of a VM, by the compiled binary, from a fresh clone on and without a Mac. */
import { createMac, type Mac } from '../sandbox/mac.ts';
import { ensureBase } from '../sandbox/system/base/base.ts';
import { whyUnsupported } from '../sandbox/system/base/packages.ts';
import { bun, ROOT, sh } from './steps.ts';

type Kind = 'scratch' | 'system';

/** What rusta is given, and the exit code that it must end with. */
const STEPS: readonly (readonly [args: readonly string[], code: number])[] = [
  [['create', 'lab'], 0],
  [['list'], 0],
  [['up', 'lab'], 0],
  [['list'], 0],
  [['ip', 'lab'], 0],
  [['ssh', 'lab', '--', 'uname', '-a'], 0],
  [['ssh', 'lab', '--', 'exit 7'], 7],
  [['down', 'lab'], 0],
  [['list'], 0],
  [['delete', 'lab', '--yes'], 0],
  [['list'], 0],
];

const dim = (text: string) => (process.stdout.isTTY && !process.env['NO_COLOR'] ? `\u001b[2m${text}\u001b[22m` : text);
const shellWord = (word: string) => (word.includes(' ') ? `'${word}'` : word);

/** The first signal ends the demo after the command that it reached too; the Mac is taken down either way. */
let stopped: NodeJS.Signals | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => (stopped ??= signal));

process.exitCode = await main();

async function main(): Promise<number> {
  for (const command of [bun('install', '--frozen-lockfile'), bun('run', '--silent', 'build')]) {
    const code = await sh(command);
    if (code !== 0) return code;
  }
  const kind = await chooseGuest();
  await using mac = await createMac({ knobs: { guest: kind } });
  const started = performance.now();
  let done = 0;
  let wrong = 0;
  for (const [args, expected] of STEPS) {
    const asExpected = await run(mac, args, expected);
    if (stopped !== undefined) {
      console.log(`\ndemo: stopped by ${stopped} after ${done} of ${STEPS.length} steps`);
      return 1;
    }
    done += 1;
    if (!asExpected) wrong += 1;
  }
  const verdict = wrong === 0 ? 'all as expected' : `${wrong} NOT as expected`;
  console.log(`\ndemo: ${done} steps, ${verdict} (${time(started)})`);
  return wrong === 0 ? 0 : 1;
}

/** The best guest that this machine can have; nothing is installed for it. */
async function chooseGuest(): Promise<Kind> {
  console.log('\nNo Mac is needed: a stand-in plays macOS and Tart, rusta is the real binary.');
  const reason = whyUnsupported() ?? (await whyNoBase());
  if (reason === undefined) {
    console.log('The guest is a Debian system that really boots, reached with the real ssh and sshpass.');
    return 'system';
  }
  console.log('The guest is a scratch folder whose commands run on this machine, with doubles of ssh and sshpass.');
  console.log(dim(`(One that really boots is not possible here: ${reason}.)`));
  return 'scratch';
}

async function whyNoBase(): Promise<string | undefined> {
  const started = performance.now();
  let built = false;
  try {
    await ensureBase((line) => {
      built = true;
      console.log(`${line} (about a minute, once)`);
    });
    if (built) console.log(`built in ${time(started)}`);
    return undefined;
  } catch (error) {
    return `its base image cannot be built: ${String(error).split('\n')[0]}`;
  }
}

/** True if the command ended as it should. */
async function run(mac: Mac, args: readonly string[], expected: number): Promise<boolean> {
  console.log(`\n$ rusta ${args.map(shellWord).join(' ')}`);
  const started = performance.now();
  const child = Bun.spawn([`${ROOT}/dist/rusta`, ...args], {
    env: { ...mac.env, ...colours() },
    cwd: mac.home,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await child.exited;
  const note = code === expected ? (code === 0 ? '' : `exit code ${code}, `) : `exit code ${code}, EXPECTED ${expected}, `;
  console.log(dim(`(${note}${time(started)})`));
  return code === expected;
}

/** The Mac's environment is complete but for what the viewer wants. */
function colours(): Record<string, string> {
  const wanted = ['NO_COLOR', 'CLICOLOR_FORCE', 'TERM'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(wanted);
}

function time(since: number): string {
  const elapsed = performance.now() - since;
  return elapsed < 1_000 ? `${elapsed.toFixed(0)} ms` : `${(elapsed / 1_000).toFixed(1)} s`;
}
