import { afterEach, beforeEach, expect, test } from 'bun:test';
import { RUSTA } from '../e2e/rusta.ts';
import { readState, writeState } from '../e2e/state.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { TEST_MS } from '../sandbox/wait.ts';
import { random } from './random.ts';

const NUMBERS = Array.from({ length: 10 }, (_, index) => index);

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  for (const n of NUMBERS) await mac.addVm(`vm${n}`);
  const sources = NUMBERS.flatMap((n) => [`ghcr.io/gone${n}`, `ghcr.io/kept${n}`]);
  writeState(mac, sources.map((registry) => `[[sources]]\nregistry = "${registry}"\n`).join(''));
});
afterEach(() => mac[Symbol.asyncDispose]());

interface State {
  readonly default_vm?: string;
  readonly vms?: Readonly<Record<string, { readonly gui?: boolean }>>;
  readonly sources?: readonly { readonly registry: string }[];
  readonly images?: readonly string[];
}
const state = () => Bun.TOML.parse(readState(mac) ?? '') as State;
const registries = () => (state().sources ?? []).map(({ registry }) => registry);

/** A change of the state, and whether the file shows that it was made. */
interface Change {
  readonly args: readonly string[];
  readonly isMade: () => boolean;
}

/** Fifty, of which none undoes another. */
const CHANGES: readonly Change[] = NUMBERS.flatMap((n) => [
  { args: ['source', 'add', `ghcr.io/new${n}`], isMade: () => registries().includes(`ghcr.io/new${n}`) },
  { args: ['source', 'rm', `ghcr.io/gone${n}`], isMade: () => !registries().includes(`ghcr.io/gone${n}`) },
  { args: ['image', 'add', `image${n}`], isMade: () => state().images?.includes(`image${n}`) === true },
  { args: ['set-gui', `vm${n}`, 'on'], isMade: () => state().vms?.[`vm${n}`]?.gui === true },
  n % 2 === 0
    ? { args: ['source', 'move', `ghcr.io/kept${n}`, '1'], isMade: () => registries().includes(`ghcr.io/kept${n}`) }
    : { args: ['default', `vm${n}`], isMade: () => /^vm[13579]$/.test(state().default_vm ?? '') },
]);

test(
  'when fifty processes change the state at once, then no change is lost',
  async () => {
    const results = await Promise.all(CHANGES.map(({ args }) => mac.rusta(args, { timeoutMs: TEST_MS })));
    expect(results.filter(({ code }) => code !== 0)).toEqual([]);
    expect(CHANGES.filter(({ isMade }) => !isMade())).toEqual([]);
    expect(registries().sort()).toEqual(NUMBERS.flatMap((n) => [`ghcr.io/kept${n}`, `ghcr.io/new${n}`]).sort());
    const moved = registries().slice(0, NUMBERS.length / 2);
    expect(moved.sort()).toEqual([0, 2, 4, 6, 8].map((n) => `ghcr.io/kept${n}`));
    expect(state().images?.toSorted()).toEqual(['ubuntu', 'ubuntu-desktop', ...NUMBERS.map((n) => `image${n}`)].sort());
  },
  TEST_MS,
);

test(
  'when some of them are killed, then the file stays whole and keeps what the others wrote',
  async () => {
    const { seed, below } = random();
    const started = CHANGES.map(({ args }) => mac.start(RUSTA, args));
    let over = false;
    const ended = Promise.all(started.map(({ exited }) => exited)).finally(() => {
      over = true;
    });
    // Every look meets a whole file, whoever was killed just before it.
    while (!over) {
      started[below(started.length)]?.kill('SIGKILL');
      state();
      await Bun.sleep(10 + below(60));
    }
    const codes = (await ended).map(({ code }) => code);
    const lost = CHANGES.filter(({ isMade }, index) => codes[index] === 0 && !isMade());
    const wrong = codes.filter((code) => code !== 0 && code !== null);
    expect({ seed, lost, wrong }).toEqual({ seed, lost: [], wrong: [] });
    expect(await mac.rusta(['source', 'add', 'ghcr.io/afterwards'])).toMatchObject({ code: 0 });
    expect(registries()).toContain('ghcr.io/afterwards');
  },
  TEST_MS,
);
