/** Debian's docker-registry on loopback, with TLS and token authentication, behind the same front as the double. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryFolder } from '../../sandbox/mac/memory.ts';
import { REALM, SERVICE } from './answers.ts';
import { type TestCa, testCa } from './ca.ts';
import { fill } from './fill.ts';
import { startFront } from './front.ts';
import { type Loopback, loopback } from './loopback.ts';
import { ISSUER, makeToken } from './tokens.ts';
import type { Answer, Backend, Catalogue, Registry, RegistryOptions } from './types.ts';

const PROGRAM = 'docker-registry';
const START_LIMIT_MS = 10_000;

/** In memory where there is room: the registry syncs each push to the disk, and on a busy one that takes seconds. */
function place(): string {
  return (process.env['TMPDIR'] === undefined ? memoryFolder() : undefined) ?? tmpdir();
}

function config(folder: string): string {
  const inside = (name: string): string => JSON.stringify(join(folder, name));
  return `version: 0.1
log:
  level: info
  accesslog: { disabled: true }
storage:
  filesystem: { rootdirectory: ${inside('data')} }
  delete: { enabled: true }
http:
  addr: 127.0.0.1:0
  secret: only-for-this-test
  tls: { certificate: ${inside('server.pem')}, key: ${inside('server.key')} }
auth:
  token: { realm: ${REALM}, service: ${SERVICE}, issuer: ${ISSUER}, rootcertbundle: ${inside('ca.pem')} }
`;
}

/** The log says which port it got; the rest of the log is read on, or the pipe would fill and the registry stop. */
function portIn(log: ReadableStream<Uint8Array>): Promise<number> {
  return new Promise((resolve, reject) => {
    const read = async (): Promise<void> => {
      let seen = '';
      let found = false;
      for await (const chunk of log) {
        if (found) continue;
        seen += Buffer.from(chunk).toString('latin1');
        const port = /listening on 127\.0\.0\.1:(\d+)/.exec(seen)?.[1];
        found = port !== undefined;
        if (found) resolve(Number(port));
      }
      if (!found) reject(new Error(`${PROGRAM} ended: ${seen}`));
    };
    read().catch(reject);
  });
}

interface Running extends AsyncDisposable {
  readonly door: Loopback;
}

async function run(ca: TestCa): Promise<Running> {
  const folder = await mkdtemp(join(place(), 'rusta-registry-'));
  const files = { 'config.yml': config(folder), 'server.pem': ca.server.cert, 'server.key': ca.server.key, 'ca.pem': ca.ca };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  // A test run that is killed takes the registry along.
  const leash = Bun.which('setpriv') === null ? [] : ['setpriv', '--pdeathsig', 'KILL'];
  const child = Bun.spawn([...leash, PROGRAM, 'serve', 'config.yml'], { cwd: folder, stdin: 'ignore', stdout: 'ignore', stderr: 'pipe' });
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await child.exited;
    await rm(folder, { recursive: true, force: true });
  };
  const late = setTimeout(() => child.kill('SIGKILL'), START_LIMIT_MS);
  try {
    const port = await portIn(child.stderr);
    const door = loopback(`https://127.0.0.1:${port}`, ca.ca);
    return {
      door,
      async [Symbol.asyncDispose]() {
        door[Symbol.dispose]();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(late);
  }
}

const CARRIED = ['content-type', 'www-authenticate', 'link', 'docker-distribution-api-version'];

function backend(registry: Running, ca: TestCa, catalogue: Catalogue): Backend {
  const given = new Map<string, string>();
  return {
    has: (repository) => Object.hasOwn(catalogue, repository),
    tokenFor: (token) => given.get(token),
    issue(repository) {
      const token = makeToken(ca.server, repository, ['pull']);
      given.set(token, repository);
      return token;
    },
    async tags(repository, authorization): Promise<Answer> {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      const { status, headers: all, body } = await registry.door.ask(`/v2/${repository}/tags/list`, { headers });
      return { status, body, headers: Object.fromEntries(Object.entries(all).filter(([name]) => CARRIED.includes(name))) };
    },
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
}

export async function startRealRegistry(catalogue: Catalogue, options: RegistryOptions = {}): Promise<Registry> {
  const ca = await testCa();
  const registry = await run(ca);
  try {
    const token = (repository: string): string => makeToken(ca.server, repository, ['pull', 'push', 'delete']);
    await fill({ door: registry.door, token }, catalogue);
    return await startFront(backend(registry, ca, catalogue), options);
  } catch (error) {
    await registry[Symbol.asyncDispose]();
    throw error;
  }
}
