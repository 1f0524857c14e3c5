import { afterAll, beforeAll } from 'bun:test';
import { startWorld, type WorldOptions } from '../../registry/world.ts';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { writeState } from '../state.ts';

export const MANY = Array.from({ length: 240 }, (_, index) => `${index % 24}.${String(index).padStart(3, '0')}`);

const CATALOGUE = {
  'cirruslabs/ubuntu': ['24.04', 'latest', '22.04', '22.04-beta', '9.10'],
  'cirruslabs/ubuntu-desktop': ['24.04'],
  'pallewela/ubuntu': ['25.10', '24.04'],
  'many/ubuntu': MANY,
  'many/empty': [],
};

export const sources = (...names: string[]) => names.map((name) => `[[sources]]\nregistry = "ghcr.io/${name}"\n`).join('\n');

/** Makes one Mac for all cases, and returns it with what runs rusta on it before a registry. */
export function prepareCases(kind: WorldOptions['kind']) {
  let mac: Mac;
  beforeAll(async () => {
    mac = await createMac();
  }, 300_000);
  afterAll(() => mac[Symbol.asyncDispose]());

  /** Runs rusta before a registry of its own. */
  async function ask(
    args: readonly string[],
    options: Partial<WorldOptions> & { readonly state?: string; readonly env?: Record<string, string> } = {},
  ) {
    const { state, env, ...world } = options;
    writeState(mac, state ?? '');
    await using registry = await startWorld({ kind, catalogue: CATALOGUE, ...world });
    const result = await mac.rusta(args, { env: { ...registry.env, ...env } });
    return {
      ...result,
      requests: registry.requests(),
      maxAtOnce: registry.maxAtOnce(),
      hosts: registry.proxyHosts(),
    };
  }

  return { kind, mac: () => mac, ask };
}

export type Cases = ReturnType<typeof prepareCases>;
