import { expect, test } from 'bun:test';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUSTA } from '../e2e/rusta.ts';
import { sample } from '../fuzz/fuzz.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { lockOwner } from '../sandbox/tart/store/locks.ts';
import { isComplete } from '../sandbox/tart/store/vm.ts';
import { HOMES, NAMES, type Step, steps } from './steps.ts';

/** Each sequence starts dozens of programs; SEQUENCES asks for more. */
const COUNT = Number(process.env['SEQUENCES'] ?? 6);
const LIMIT_MS = 120_000 * COUNT + 60_000;
const PATIENCE_MS = 60_000;

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  create: ['create', 'VM'],
  'create as bob': ['create', 'VM', '--user', 'bob'],
  resume: ['create', 'VM', '--resume'],
  up: ['up', 'VM'],
  down: ['down', 'VM', '--timeout', '10'],
  'down --force': ['down', 'VM', '--force'],
  delete: ['delete', 'VM', '--yes'],
  'delete --force-running': ['delete', 'VM', '--yes', '--force-running'],
  default: ['default', 'VM'],
};

/** The compiled binary before the stand-in Mac: the same promises, seen from outside. */
class Outside {
  readonly #mac: Mac;
  readonly #away: { readonly from: string; readonly to: string }[] = [];
  #home: string = HOMES[0];

  constructor(mac: Mac) {
    this.#mac = mac;
  }

  async play(step: Step): Promise<void> {
    const before = this.#state();
    const target = 'vm' in step ? this.#tokenOf(this.#folder(step.vm)) : undefined;
    await this.#do(step);
    const after = this.#state();
    const mayLose = step.does === 'tart' || (step.does === 'rusta' && step.verb.startsWith('delete'));
    const asked = step.does === 'tart' ? new Set(step.args.map((name) => before.names.get(this.#folder(name)))) : new Set([target]);
    for (const token of before.tokens) {
      if (!after.tokens.has(token)) expect({ step, lost: token, asked: mayLose && asked.has(token) }).toMatchObject({ asked: true });
    }
    const mayEnd = mayLose || step.does === 'guest goes off' || (step.does === 'rusta' && /down|resume/.test(step.verb));
    for (const [pid, token] of before.runs) {
      if (!alive(pid) && after.tokens.has(token))
        expect({ step, ended: token, asked: mayEnd && asked.has(token) }).toMatchObject({ asked: true });
    }
    await this.#checkList();
  }

  async #do(step: Step): Promise<void> {
    if (step.does === 'switch') this.#home = step.home;
    else if (step.does === 'tart') await this.#tart(step.args);
    else if (step.does === 'move back') this.#moveBack();
    else if (step.does === 'rusta') await this.#rusta(step);
    else await this.#disturb(step.does, step.vm);
  }

  async #rusta({ verb, vm, kill }: Extract<Step, { does: 'rusta' }>): Promise<void> {
    const words = (COMMANDS[verb] ?? []).map((word) => (word === 'VM' ? vm : word));
    const started = this.#mac.start(RUSTA, words, { env: { ...this.#env(), RUSTA_AGENT_TIMEOUT: '20' } });
    // One kill in thirds of a second or so: before, amid and behind everything that a command does.
    const timer = kill === undefined ? undefined : setTimeout(() => started.kill('SIGKILL'), kill.at * (kill.when === 'before' ? 40 : 250));
    const { code, signal, stderr } = await started.exited;
    clearTimeout(timer);
    expect({ words, code, signal, stderr: stderr.includes('bug in rusta') ? stderr : '' }).toMatchObject({ stderr: '' });
  }

  async #tart(args: readonly string[]): Promise<void> {
    if (args[0] !== 'run') {
      await this.#mac.run('tart', args, { env: this.#env(), timeoutMs: PATIENCE_MS });
      return;
    }
    await this.#mac.run('sh', ['-c', `tart run --no-graphics '${args[1]}' > /dev/null 2>&1 & sleep 0.5`], { env: this.#env() });
  }

  async #disturb(what: string, vm: string): Promise<void> {
    const folder = this.#folder(vm);
    if (!existsSync(folder)) return;
    if (what === 'damage') rmSync(join(folder, 'nvram.bin'), { force: true });
    if (what === 'repair') writeFileSync(join(folder, 'nvram.bin'), '');
    if (what === 'guest goes off' && isComplete(folder) && lockOwner(folder) !== 0) process.kill(lockOwner(folder), 'SIGINT');
    if (what !== 'move away' || (isComplete(folder) && lockOwner(folder) !== 0)) return;
    const to = join(this.#mac.root, 'away', String(this.#away.length));
    mkdirSync(join(this.#mac.root, 'away'), { recursive: true });
    renameSync(folder, to);
    this.#away.push({ from: folder, to });
  }

  #moveBack(): void {
    const last = this.#away.at(-1);
    if (last === undefined || existsSync(last.from)) return;
    renameSync(last.to, last.from);
    this.#away.pop();
  }

  /** What runs may change between two looks: a list that differs is asked for again. */
  async #checkList(): Promise<void> {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const { stdout } = await this.#mac.rusta(['list'], { env: this.#env(), timeoutMs: PATIENCE_MS });
      const said = stdout
        .split('\n')
        .slice(1)
        .filter(Boolean)
        .map((line) => line.split(/ +/).slice(0, 2).join(' '));
      const truth = this.#truth();
      if (said.sort().join() === truth.join()) return;
      if (Date.now() > until) expect(said).toEqual(truth);
    }
  }

  #truth(): string[] {
    const vms = join(this.#tartHome(), 'vms');
    const status = (folder: string) => (isComplete(folder) ? (lockOwner(folder) === 0 ? 'stopped' : 'running') : 'damaged');
    return (existsSync(vms) ? readdirSync(vms) : []).map((name) => `${name} ${status(join(vms, name))}`).sort();
  }

  #state() {
    const folders = [
      ...HOMES.flatMap((home) => NAMES.map((name) => join(this.#homeAt(home), 'vms', name))),
      ...this.#away.map(({ to }) => to),
    ];
    const names = new Map(folders.flatMap((folder) => (existsSync(folder) ? [[folder, this.#tokenOf(folder)] as const] : [])));
    const runs = [...names].flatMap(([folder, token]) =>
      isComplete(folder) && lockOwner(folder) !== 0 ? [[lockOwner(folder), token] as const] : [],
    );
    return { names, tokens: new Set(names.values()), runs: new Map(runs) };
  }

  #tokenOf(folder: string): string | undefined {
    const found = statSync(folder, { throwIfNoEntry: false });
    return found === undefined ? undefined : `${found.ino}-${found.birthtimeMs}`;
  }

  #env() {
    return { TART_HOME: this.#tartHome() };
  }

  #tartHome(): string {
    return this.#homeAt(this.#home);
  }

  #homeAt(home: string): string {
    return home === HOMES[0] ? this.#mac.tartHome : join(this.#mac.root, 'disk', home);
  }

  #folder(vm: string): string {
    return join(this.#tartHome(), 'vms', vm);
  }
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test(
  'through the binary: nothing is lost that nobody asked to lose, no other process ends, and list is true',
  async () => {
    for (const sequence of sample('sequences before the stand-in', steps, COUNT)) {
      await using mac = await createMac();
      mac.addImage('ghcr.io/cirruslabs/ubuntu:24.04');
      const world = new Outside(mac);
      for (const step of sequence) if (step.does !== 'copy away') await world.play(step);
    }
  },
  LIMIT_MS,
);
