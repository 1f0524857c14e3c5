import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Allowed, NOTHING } from './checks.ts';
import type { FakeMac } from './fake-mac.ts';
import type { Step } from './steps.ts';

/** Calls Tart as the user does, past rusta. */
export function playTart(mac: FakeMac, args: readonly string[]): Allowed {
  const { tart, model, tartHome } = mac;
  const [verb = '', name = '', other = ''] = args;
  const changed = verb === 'clone' || verb === 'rename' ? other : name;
  const target = mac.folder(changed);
  const token = mac.tokenOf(changed);
  const own = new Set(token === undefined ? [] : [token]);
  if (verb === 'run') {
    tart.start(tartHome, args);
    return NOTHING;
  }
  const moving = verb === 'rename' ? mac.tokenOf(name) : undefined;
  const { code } = tart.run(tartHome, args);
  if (code !== 0) return NOTHING;
  if (verb === 'clone') model.cloned(tart.tokenAt(target) ?? '', target);
  if (verb === 'rename' && moving !== undefined) model.renamed(moving, target, awayFrom(mac, target));
  return { lost: own, ended: own };
}

type Disturbance = Exclude<Extract<Step, { vm: string }>, { does: 'rusta' }>['does'];

/** Does something to the folder of a VM, or turns its guest off from within. */
export function disturb(mac: FakeMac, what: Disturbance, vm: string): Allowed {
  const folder = mac.folder(vm);
  if (!existsSync(folder)) return NOTHING;
  const token = mac.tokenOf(vm) ?? '';
  if (what === 'damage') rmSync(join(folder, 'nvram.bin'), { force: true });
  if (what === 'repair') writeFileSync(join(folder, 'nvram.bin'), '');
  if (what === 'guest goes off') {
    for (const { pid, token: running } of [...mac.tart.lives.values()]) if (running === token) mac.tart.end(pid);
    return { lost: new Set(), ended: new Set([token]) };
  }
  if (what === 'move away' || what === 'copy away') {
    const to = join(mac.root, 'away', String(mac.away.length));
    mkdirSync(join(mac.root, 'away'), { recursive: true });
    if (what === 'move away') renameSync(folder, to);
    else {
      cpSync(folder, to, { recursive: true });
      rmSync(folder, { recursive: true });
      // Its folder is another one then: only its MAC address tells it, and that only under the name on record, if it is there.
      const known = mac.model.of(token);
      known.copied = true;
      if (known.renamed || known.unfinished !== false || isBare(to)) mac.model.loosen(token);
    }
    mac.away.push({ from: folder, to });
  }
  return NOTHING;
}

export function moveBack({ away }: FakeMac): void {
  const last = away.at(-1);
  if (last === undefined || existsSync(last.from)) return;
  renameSync(last.to, last.from);
  away.pop();
}

const configOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));

/** The VM that is away from a place, if its MAC address is that of the one which is there now. */
function awayFrom({ away, tart }: FakeMac, place: string): string | undefined {
  const last = away.findLast(({ from, to }) => from === place && configOf(to).macAddress === configOf(place).macAddress);
  return last && tart.tokenAt(last.to);
}

/** As its image is: then its MAC address tells it from nothing. */
const isBare = (folder: string) => configOf(folder).cpuCount === 4;
