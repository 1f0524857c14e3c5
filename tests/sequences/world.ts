import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVm } from '../../src/create/create.ts';
import { RustaError } from '../../src/errors.ts';
import { bringDown } from '../../src/lifecycle/down.ts';
import { removeVm } from '../../src/lifecycle/remove.ts';
import { bringUp } from '../../src/lifecycle/up.ts';
import { credentialsOf } from '../../src/vm/credentials.ts';
import { setDefault } from '../../src/vm/default.ts';
import { printVms } from '../../src/vm/listing.ts';
import { memoryFolder } from '../sandbox/memory.ts';
import { type Rusta, startRusta } from './app.ts';
import { FakeTart } from './fake-tart.ts';
import { Model } from './model.ts';
import { HOMES, NAMES, type RustaVerb, type Step } from './steps.ts';

const IMAGE = 'ghcr.io/cirruslabs/ubuntu:24.04';

/** A Mac with two folders of Tart's, and what must be true of it whatever is done. */
export class World {
  readonly #root = mkdtempSync(join(memoryFolder() ?? tmpdir(), 'rusta-seq-'));
  readonly #tart = new FakeTart();
  readonly #model = new Model();
  readonly #away: { readonly from: string; readonly to: string }[] = [];
  #home: string = HOMES[0];

  async play(step: Step): Promise<void> {
    const before = {
      tokens: this.#tokens(),
      lives: new Map([...this.#tart.lives].map(([pid, { token, argv }]) => [pid, { token, argv }])),
    };
    const allowed = await this.#do(step);
    for (const token of before.tokens) {
      if (!allowed.lost.has(token) && !this.#tokens().has(token)) throw new Error(`${token} is lost`);
    }
    for (const [pid, { token, argv }] of before.lives) {
      const isGone = allowed.gone !== undefined && !existsSync(this.#folder(allowed.gone)) && argv.includes(allowed.gone);
      if (!this.#tart.lives.has(pid) && !allowed.ended.has(token) && !isGone) throw new Error(`the process of ${token} was ended`);
    }
    await this.checkList();
  }

  /** Compares what `list` says of this home, and which logins are on record, with what is there. */
  async checkList(): Promise<void> {
    const { app, streams } = this.#rusta();
    await printVms(app);
    const rows = streams[1].trim().split('\n').slice(1);
    const names = this.#tart.vms(this.#tartHome());
    if (
      rows
        .map((row) => row.split(' ')[0])
        .sort()
        .join() !== names.join()
    )
      throw new Error(`list says ${streams[1]}, there is ${names}`);
    for (const row of rows) {
      const [name = '', status] = row.split(/ +/);
      const folder = this.#folder(name);
      const truth = this.#tart.isComplete(folder) ? this.#tart.statusOf(folder) : 'damaged';
      if (status !== truth) throw new Error(`list says that ${name} is ${status}, it is ${truth}`);
      if (truth !== 'damaged') this.#checkRecord(name, row.includes('unfinished'));
    }
  }

  #checkRecord(name: string, unfinished: boolean): void {
    const token = this.#tart.tokenAt(this.#folder(name)) ?? '';
    const known = this.#model.of(token);
    const { user } = credentialsOf(this.#rusta().app, name);
    if (!known.logins.has(user)) throw new Error(`${token} at ${name} has login ${user}, not ${[...known.logins]}`);
    if (known.unfinished !== undefined && known.unfinished !== unfinished) throw new Error(`${token} at ${name}: unfinished ${unfinished}`);
    known.unfinished = unfinished;
  }

  dispose(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  async #do(step: Step): Promise<Allowed> {
    if (step.does === 'rusta') return this.#command(step);
    if (step.does === 'switch') this.#home = step.home;
    else if (step.does === 'tart') return this.#userTart(step.args);
    else if (step.does === 'move back') this.#moveBack();
    else return this.#disturb(step.does, step.vm);
    return NOTHING;
  }

  async #command({ verb, vm, kill }: Extract<Step, { does: 'rusta' }>): Promise<Allowed> {
    const place = this.#folder(vm);
    const token = existsSync(place) ? this.#tart.tokenAt(place) : undefined;
    const before = this.#tokens();
    const killed = Promise.withResolvers<'killed'>();
    const rusta = this.#rusta(kill && { ...kill, killed: () => killed.resolve('killed') });
    const outcome = await Promise.race([this.#run(rusta, verb, vm), killed.promise]);
    this.#note({ verb, vm, before, outcome });
    this.#checkDone(verb, vm, outcome);
    const own = new Set(token === undefined ? [] : [token]);
    if (verb.startsWith('delete')) return { lost: own, ended: verb === 'delete' ? new Set() : own, gone: vm };
    return { lost: new Set(), ended: verb.startsWith('down') || verb === 'resume' ? own : new Set() };
  }

  async #run({ app }: Rusta, verb: RustaVerb, vm: string): Promise<'done' | 'refused'> {
    const login = { user: verb === 'create as bob' ? 'bob' : undefined, password: undefined };
    const usual = { sizes: {}, desktop: undefined, window: false, flags: [], from: undefined, script: undefined, shares: [], up: false };
    const plan = { vm, login, ...usual, findReference: async () => IMAGE };
    try {
      if (verb === 'up') await bringUp(app, vm);
      else if (verb.startsWith('down')) await bringDown(app, vm, { force: verb.endsWith('--force'), timeoutMs: 60_000 });
      else if (verb.startsWith('delete')) await removeVm(app, vm, { confirmed: true, forceRunning: verb !== 'delete' });
      else if (verb === 'default') await setDefault(app, vm);
      else await createVm(app, { ...plan, resume: verb === 'resume' });
      return 'done';
    } catch (error) {
      if (error instanceof RustaError) return 'refused';
      if (error instanceof Error && error.message === 'killed') return new Promise(() => {});
      throw error;
    }
  }

  #note({ verb, vm, before, outcome }: Outcome): void {
    const place = this.#folder(vm);
    const now = existsSync(place) ? this.#tart.tokenAt(place) : undefined;
    const away = new Set(this.#away.flatMap(({ to }) => this.#tart.tokenAt(to) ?? []));
    const login = verb === 'resume' ? undefined : verb === 'create as bob' ? 'bob' : 'admin';
    if (verb.startsWith('create') || verb === 'resume') {
      if (now !== undefined && !before.has(now)) {
        this.#model.created(now, place, login, outcome === 'done');
        this.#model.forgotten(place, { present: now, away });
        // Killed before it could write down which VM it had made.
        if (outcome !== 'done') this.#model.leftPending(place, login ?? 'bob');
      } else if (now === undefined) {
        // It may have ended before it gave up the record of an earlier creation.
        if (verb !== 'resume') this.#model.forgotten(place, { present: undefined, away }, false);
        this.#model.leftPending(place, login);
      } else if (verb === 'resume') {
        const known = this.#model.of(now);
        if (outcome === 'done') known.unfinished = false;
        else if (known.unfinished !== false) known.unfinished = undefined;
      }
    } else if (verb.startsWith('delete') && outcome !== 'refused') this.#model.forgotten(place, { present: now, away }, outcome === 'done');
  }

  /** What a command says that it has done is done. */
  #checkDone(verb: RustaVerb, vm: string, outcome: string): void {
    if (outcome !== 'done') return;
    const folder = this.#folder(vm);
    const isThere = existsSync(folder);
    const is = (status: string) => isThere && this.#tart.isComplete(folder) && this.#tart.statusOf(folder) === status;
    if (verb === 'up' && !is('running')) throw new Error(`up: ${vm} does not run`);
    if (verb.startsWith('down') && !is('stopped')) throw new Error(`down: ${vm} is not off`);
    if (verb.startsWith('delete') && isThere) throw new Error(`delete: ${vm} is still there`);
    if (verb === 'resume' && !is('stopped') && !is('running')) throw new Error(`resume: ${vm} is not there`);
  }

  #userTart(args: readonly string[]): Allowed {
    const [verb = '', name = '', other = ''] = args;
    const target = this.#folder(verb === 'clone' || verb === 'rename' ? other : name);
    const token = existsSync(target) ? this.#tart.tokenAt(target) : undefined;
    const own = new Set(token === undefined ? [] : [token]);
    if (verb === 'run') {
      this.#tart.start(this.#tartHome(), args);
      return NOTHING;
    }
    const moving = verb === 'rename' && existsSync(this.#folder(name)) ? this.#tart.tokenAt(this.#folder(name)) : undefined;
    const { code } = this.#tart.run(this.#tartHome(), args);
    if (code !== 0) return NOTHING;
    if (verb === 'clone') this.#model.cloned(this.#tart.tokenAt(target) ?? '', target);
    if (verb === 'rename' && moving !== undefined) this.#model.renamed(moving, target, this.#awayFrom(target));
    return { lost: own, ended: own };
  }

  #disturb(what: 'damage' | 'repair' | 'move away' | 'copy away' | 'guest goes off', vm: string): Allowed {
    const folder = this.#folder(vm);
    if (!existsSync(folder)) return NOTHING;
    const token = this.#tart.tokenAt(folder) ?? '';
    if (what === 'damage') rmSync(join(folder, 'nvram.bin'), { force: true });
    if (what === 'repair') writeFileSync(join(folder, 'nvram.bin'), '');
    if (what === 'guest goes off') {
      for (const { pid, token: running } of [...this.#tart.lives.values()]) if (running === token) this.#tart.end(pid);
      return { lost: new Set(), ended: new Set([token]) };
    }
    if (what === 'move away' || what === 'copy away') {
      const to = join(this.#root, 'away', String(this.#away.length));
      mkdirSync(join(this.#root, 'away'), { recursive: true });
      if (what === 'move away') renameSync(folder, to);
      else {
        cpSync(folder, to, { recursive: true });
        rmSync(folder, { recursive: true });
        // Its folder is another one then: only its MAC address tells it, and that only under the name on record, if it is there.
        const known = this.#model.of(token);
        known.copied = true;
        if (known.renamed || known.unfinished !== false || this.#isBare(to)) this.#model.loosen(token);
      }
      this.#away.push({ from: folder, to });
    }
    return NOTHING;
  }

  #moveBack(): void {
    const last = this.#away.at(-1);
    if (last === undefined || existsSync(last.from)) return;
    renameSync(last.to, last.from);
    this.#away.pop();
  }

  #rusta(kill?: Parameters<typeof startRusta>[2]): Rusta {
    return startRusta(this.#tart, { HOME: this.#root, TART_HOME: this.#tartHome() }, kill);
  }

  #tartHome(): string {
    return join(this.#root, this.#home === HOMES[0] ? '.tart' : this.#home);
  }

  #folder(vm: string): string {
    return join(this.#tartHome(), 'vms', vm);
  }

  /** The VM that is away from a place, if its MAC address is that of the one which is there now. */
  #awayFrom(place: string): string | undefined {
    const macOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')).macAddress;
    const away = this.#away.findLast(({ from, to }) => from === place && macOf(to) === macOf(place));
    return away && this.#tart.tokenAt(away.to);
  }

  /** As its image is: then its MAC address tells it from nothing. */
  #isBare(folder: string): boolean {
    return JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')).cpuCount === 4;
  }

  #tokens(): Set<string> {
    const homes = HOMES.map((home) => join(this.#root, home === HOMES[0] ? '.tart' : home));
    const folders = [...homes.flatMap((home) => NAMES.map((name) => join(home, 'vms', name))), ...this.#away.map(({ to }) => to)];
    return new Set(folders.flatMap((folder) => this.#tart.tokenAt(folder) ?? []));
  }
}

interface Allowed {
  /** The VMs that somebody asked to lose. */
  readonly lost: ReadonlySet<string>;
  readonly ended: ReadonlySet<string>;
  /** The processes of a VM that is gone, and had this name, may be ended. */
  readonly gone?: string;
}

const NOTHING: Allowed = { lost: new Set(), ended: new Set() };

interface Outcome {
  readonly verb: RustaVerb;
  readonly vm: string;
  readonly before: ReadonlySet<string>;
  readonly outcome: 'done' | 'refused' | 'killed';
}
