import { createVm } from '../../src/create/create.ts';
import { RustaError } from '../../src/errors.ts';
import { bringDown } from '../../src/lifecycle/down.ts';
import { removeVm } from '../../src/lifecycle/remove.ts';
import { bringUp } from '../../src/lifecycle/up.ts';
import { setDefault } from '../../src/vm/default.ts';
import type { Rusta } from './app.ts';
import { type Allowed, checkDone } from './checks.ts';
import type { FakeMac } from './fake-mac.ts';
import type { RustaVerb, Step } from './steps.ts';

const IMAGE = 'ghcr.io/cirruslabs/ubuntu:24.04';

interface Outcome {
  readonly verb: RustaVerb;
  readonly vm: string;
  readonly before: ReadonlySet<string>;
  readonly outcome: 'done' | 'refused' | 'killed';
}

/** Runs one command of rusta to its end or its kill, and tells the model of it. */
export async function playCommand(mac: FakeMac, { verb, vm, kill }: Extract<Step, { does: 'rusta' }>): Promise<Allowed> {
  const token = mac.tokenOf(vm);
  const before = mac.tokens();
  const killed = Promise.withResolvers<'killed'>();
  const rusta = mac.rusta(kill && { ...kill, killed: () => killed.resolve('killed') });
  const outcome = await Promise.race([run(rusta, verb, vm), killed.promise]);
  note(mac, { verb, vm, before, outcome });
  if (outcome === 'done') checkDone(mac, verb, vm);
  const own = new Set(token === undefined ? [] : [token]);
  if (verb.startsWith('delete')) return { lost: own, ended: verb === 'delete' ? new Set() : own, gone: vm };
  return { lost: new Set(), ended: verb.startsWith('down') || verb === 'resume' ? own : new Set() };
}

async function run({ app }: Rusta, verb: RustaVerb, vm: string): Promise<'done' | 'refused'> {
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

/** Tells the model what a command made or gave up, or may have. */
function note(mac: FakeMac, { verb, vm, before, outcome }: Outcome): void {
  const place = mac.folder(vm);
  const now = mac.tokenOf(vm);
  const away = mac.tokensAway();
  const login = verb === 'resume' ? undefined : verb === 'create as bob' ? 'bob' : 'admin';
  if (verb.startsWith('create') || verb === 'resume') {
    if (now !== undefined && !before.has(now)) {
      mac.model.created(now, place, login, outcome === 'done');
      mac.model.forgotten(place, { present: now, away });
      // Killed before it could write down which VM it had made.
      if (outcome !== 'done') mac.model.leftPending(place, login ?? 'bob');
    } else if (now === undefined) {
      // It may have ended before it gave up the record of an earlier creation.
      if (verb !== 'resume') mac.model.forgotten(place, { present: undefined, away }, false);
      mac.model.leftPending(place, login);
    } else if (verb === 'resume') {
      const known = mac.model.of(now);
      if (outcome === 'done') known.unfinished = false;
      else if (known.unfinished !== false) known.unfinished = undefined;
    }
  } else if (verb.startsWith('delete') && outcome !== 'refused') mac.model.forgotten(place, { present: now, away }, outcome === 'done');
}
