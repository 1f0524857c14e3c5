import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildStandin } from './build.ts';
import type { GuestKind } from './guest.ts';
import { defaultKnobs, mergeKnobs } from './knobs.ts';
import { checkAnswer } from './mac/documents.ts';
import { freePort, prepareLayout } from './mac/layout.ts';
import type { Mac, MacOptions } from './mac/mac-api.ts';
import { addVmTo, imageInCache, sandboxVm } from './mac/vm.ts';
import { killAll, processesOf, signal } from './processes.ts';
import { type RunOptions, runProgram, startProgram } from './spawn.ts';
import type { Call, MacEvent } from './standin/record.ts';
import { homeAt } from './tart/store/home.ts';
import { waitUntil } from './wait.ts';

export type { Mac, MacOptions } from './mac/mac-api.ts';

/** dist/rusta of this checkout. */
const PRODUCT = resolve(import.meta.dir, '../../dist/rusta');

/** A machine that looks like an Apple Silicon Mac with Tart. `await using` ends all that was started on it. */
export async function createMac(options: MacOptions = {}): Promise<Mac> {
  const standin = await buildStandin();
  const isSystem = options.knobs?.guest === 'system';
  const sshPort = isSystem ? 22 : freePort();
  let knobs = mergeKnobs({ ...defaultKnobs, sshPort }, options.knobs ?? {});
  const { root, path, env: layoutEnv } = prepareLayout(options, standin, isSystem);
  if (isSystem) await (await import('./system/base/base.ts')).linkBase(root);
  const env = isSystem ? layoutEnv : { ...layoutEnv, RUSTA_SSH_PORT: String(knobs.sshPort) };
  const tart = homeAt(path('tart'));
  const saveKnobs = () => {
    writeFileSync(path('knobs.json.new'), JSON.stringify(knobs));
    renameSync(path('knobs.json.new'), path('knobs.json'));
  };
  saveKnobs();
  const request = (program: string, args: readonly string[], runOptions: RunOptions, openInput = false) => {
    const found = program.includes('/') ? program : Bun.which(program, { PATH: runOptions.env?.['PATH'] ?? env.PATH });
    if (!found) throw new Error(`${program} is not on this Mac's PATH`);
    return { argv: [found, ...args], env, cwd: env.HOME, options: runOptions, openInput };
  };
  const kind = async (): Promise<GuestKind> => (await import('./system/kind.ts')).createSystemGuest(standin);
  const mac: Mac = {
    root,
    home: env.HOME,
    bin: path('bin'),
    tartHome: tart.folder,
    env,
    get knobs() {
      return knobs;
    },
    run: async (program, args, runOptions = {}) => runProgram(request(program, args, runOptions)),
    rusta: async (args, runOptions = {}) => {
      const ended = await runProgram(request(PRODUCT, args, runOptions));
      checkAnswer(args, ended);
      return ended;
    },
    start: (program, args, runOptions = {}) => startProgram(request(program, args, runOptions, runOptions.stdin === undefined)),
    configure: (patch) => {
      knobs = mergeKnobs(knobs, patch);
      if (patch.faults) {
        rmSync(path('faults'), { recursive: true });
        mkdirSync(path('faults'));
      }
      saveKnobs();
    },
    calls: (program) => readLines<Call>(path('calls.jsonl')).filter((call) => program === undefined || call.program === program),
    events: () => readLines<MacEvent>(path('events.jsonl')),
    event: async (name, vm, timeoutMs) => {
      let found: MacEvent | undefined;
      const look = () => {
        found = mac.events().find((event) => event.event === name && (vm === undefined || event.vm === vm));
        return found !== undefined;
      };
      await waitUntil(`event ${name} of ${vm ?? 'any VM'}`, look, timeoutMs, () => JSON.stringify(mac.events()));
      return found as unknown as MacEvent;
    },
    addImage: (reference, { cached = true } = {}) => {
      const { repository, tag } = imageInCache(tart, reference, cached);
      mac.configure({ registry: { [repository]: [...new Set([...(knobs.registry[repository] ?? []), tag])] } });
    },
    addVm: async (name, { running = false } = {}) => await addVmTo(mac, { name, systemKind: kind, running }),
    vm: (name) => sandboxVm(mac, name),
    without: (program) => rmSync(join(path('bin'), program), { force: true }),
    [Symbol.asyncDispose]: async () => {
      if (isSystem) await shutSystemGuests(root, await kind(), tart.vms);
      await killAll(root);
      rmSync(root, { recursive: true, force: true });
    },
  };
  return mac;
}

/** Whole lines only: the last may still be on its way. */
function readLines<T>(file: string): T[] {
  if (!existsSync(file)) return [];
  const whole = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return whole.map((line) => JSON.parse(line) as T);
}

/** System guests have mounts and network links outside the folder: their `tart run` has to undo them itself. */
async function shutSystemGuests(root: string, kind: GuestKind, vms: string): Promise<void> {
  const alive = processesOf(root);
  const runs = readdirSync(join(root, 'machines'))
    .map(Number)
    .filter((pid) => alive.includes(pid));
  for (const pid of runs) signal(pid, 'SIGINT');
  await waitUntil('system guests to end', () => runs.every((pid) => !signal(pid, 0)), 20_000);
  for (const name of readdirSync(vms)) await kind.remove(join(vms, name));
}
