/** Fills a registry over its own HTTP API, as a push would. */
import { createHash } from 'node:crypto';
import type { Loopback, Reply } from './loopback.ts';
import type { Catalogue } from './types.ts';

export interface Target {
  readonly door: Loopback;
  /** A token that may pull, push and delete in the repository. */
  token(repository: string): string;
}

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = '{}';
/** Pushes that are under way at once: two cores have no use for more. */
const AT_ONCE = 4;

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

const MANIFEST = JSON.stringify({
  schemaVersion: 2,
  mediaType: MANIFEST_TYPE,
  config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf(CONFIG), size: CONFIG.length },
  layers: [],
});

async function fillRepository({ door, token }: Target, repository: string, tags: readonly string[]): Promise<void> {
  const authorization = `Bearer ${token(repository)}`;
  const ask = async (expected: number, method: string, place: string, body = '', type = 'application/octet-stream'): Promise<Reply> => {
    const reply = await door.ask(place, { method, body, headers: { authorization, 'content-type': type } });
    if (reply.status !== expected) throw new Error(`${method} ${place}: ${reply.status} ${reply.body}`);
    return reply;
  };
  const upload = await ask(202, 'POST', `/v2/${repository}/blobs/uploads/`);
  const place = new URL(upload.headers['location'] ?? '');
  place.searchParams.set('digest', digestOf(CONFIG));
  await ask(201, 'PUT', place.href, CONFIG);
  const put = (tag: string): Promise<Reply> => ask(201, 'PUT', `/v2/${repository}/manifests/${tag}`, MANIFEST, MANIFEST_TYPE);
  if (tags.length === 0) {
    // There is no other way to a repository that is known and empty: its only tag goes with the manifest.
    await put('0.0');
    await ask(202, 'DELETE', `/v2/${repository}/manifests/${digestOf(MANIFEST)}`);
  }
  const waiting = [...tags];
  const worker = async (): Promise<void> => {
    for (let tag = waiting.shift(); tag !== undefined; tag = waiting.shift()) await put(tag);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

export async function fill(target: Target, catalogue: Catalogue): Promise<void> {
  for (const [repository, tags] of Object.entries(catalogue)) await fillRepository(target, repository, tags);
}
