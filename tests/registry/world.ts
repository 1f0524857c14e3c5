/** All that the product needs to believe that a registry of ours is `https://ghcr.io`. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testCa } from './servers/ca.ts';
import { startDouble } from './servers/double.ts';
import { ELSEWHERE } from './servers/pages.ts';
import { type Route, startProxy } from './servers/proxy.ts';
import { startRealRegistry } from './servers/real.ts';
import type { Catalogue, RecordedRequest, RegistryOptions } from './servers/types.ts';

export interface WorldOptions extends RegistryOptions {
  readonly kind: 'double' | 'real';
  readonly catalogue: Catalogue;
  /** What the proxy does to ghcr.io; leads there if absent. */
  readonly proxy?: 'hang' | 'drop' | { readonly refuse: number } | { readonly cutAfterBytes: number };
}

export interface World extends AsyncDisposable {
  /** To be added to the environment of the program under test. */
  readonly env: { readonly HTTPS_PROXY: string; readonly NODE_EXTRA_CA_CERTS: string };
  requests(): readonly RecordedRequest[];
  maxAtOnce(): number;
  /** `host:port` of each CONNECT, the refused ones too. */
  proxyHosts(): readonly string[];
  tunnels(): number;
}

function routeTo(port: number, proxy: WorldOptions['proxy']): Route {
  if (proxy === undefined) return { kind: 'to', port };
  if (typeof proxy === 'string') return { kind: proxy };
  return 'refuse' in proxy ? { kind: 'refuse', status: proxy.refuse } : { kind: 'cut', port, afterBytes: proxy.cutAfterBytes };
}

/**
 * NO_PROXY beats even the `proxy` option of Bun's fetch [tried]: on a machine that has it set, a test would ask the real
 * ghcr.io. It is read at each request, so taking it out of this process is enough, and children inherit that.
 */
function closeSideDoors(): void {
  delete process.env['NO_PROXY'];
  delete process.env['no_proxy'];
}

export async function startWorld({ kind, catalogue, proxy: treatment, ...options }: WorldOptions): Promise<World> {
  closeSideDoors();
  const { ca } = await testCa();
  const registry = await (kind === 'real' ? startRealRegistry : startDouble)(catalogue, options);
  const proxy = await startProxy({
    'ghcr.io:443': routeTo(registry.port, treatment),
    [`${ELSEWHERE}:443`]: { kind: 'to', port: registry.elsewherePort },
  });
  const folder = await mkdtemp(join(tmpdir(), 'rusta-world-'));
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, ca);
  return {
    env: { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: caFile },
    requests: () => registry.requests(),
    maxAtOnce: () => registry.maxAtOnce(),
    proxyHosts: () => proxy.hosts(),
    tunnels: () => proxy.tunnels(),
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
