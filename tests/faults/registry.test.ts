/** What can befall the one program that is not on this Mac: the registry, asked by `versions` and by `create` with two sources. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { ours } from '../e2e/state.ts';
import type { Behaviour } from '../registry/servers/types.ts';
import { startWorld, type WorldOptions } from '../registry/world.ts';
import { createMac } from '../sandbox/mac.ts';
import { TEST_MS } from '../sandbox/wait.ts';
import { checkEnd } from './check.ts';
import { atOnce } from './pool.ts';
import { harm, plant, snapshot } from './user-files.ts';

const CATALOGUE = { 'cirruslabs/ubuntu': ['24.04'], 'pallewela/ubuntu': ['24.04', '25.10'] };
/** Only silence is waited for so long, and on a machine under load all others have answered by then. */
const BOUND_S = { silent: '8', answering: '600' };
const MEGABYTES = 'x'.repeat(8 * 1024 * 1024);
const OWN_PATH = '/v2/cirruslabs/ubuntu/tags/list';

/** Befalls the first of two sources; what is said of it. No word: it just lacks the image. */
const ONE_SOURCE: Readonly<Record<string, readonly [Behaviour, string]>> = {
  'HTTP 500': [{ kind: 'status', status: 500 }, 'HTTP 500'],
  'HTTP 503 at the token': [{ kind: 'status', status: 503, on: 'token' }, 'HTTP 503'],
  'HTTP 403 at the token': [{ kind: 'status', status: 403, on: 'token' }, ''],
  'HTTP 403': [{ kind: 'status', status: 403 }, ''],
  'HTTP 404': [{ kind: 'status', status: 404 }, ''],
  'HTTP 418': [{ kind: 'status', status: 418 }, 'HTTP 418'],
  garbage: [{ kind: 'body', body: 'html' }, 'the answer is not JSON'],
  'garbage for a token': [{ kind: 'body', body: 'html', on: 'token' }, 'the answer is not JSON'],
  megabytes: [{ kind: 'status', status: 200, body: MEGABYTES }, 'the answer is not JSON'],
  'partial JSON': [{ kind: 'body', body: 'half' }, 'the answer is not JSON'],
  nothing: [{ kind: 'body', body: 'empty' }, 'the answer is not JSON'],
  'half an answer, cut': [{ kind: 'cut' }, 'connection closed'],
  'half an answer, then silence': [{ kind: 'stall' }, 'no answer in time'],
  silence: [{ kind: 'silent' }, 'no answer in time'],
  'silence at the token': [{ kind: 'silent', on: 'token' }, 'no answer in time'],
  'a redirect loop': [{ kind: 'redirect', status: 302, to: OWN_PATH }, 'redirects'],
  'a redirect to nowhere': [{ kind: 'redirect', status: 307, to: 'http://[' }, ''],
};

/** Befalls the way to all of them. */
const ALL_SOURCES: Readonly<Record<string, readonly [Partial<WorldOptions> & { readonly env?: Record<string, string> }, string]>> = {
  'connection refused': [{ env: { HTTPS_PROXY: 'http://127.0.0.1:1' } }, 'connection refused'],
  'an untrusted certificate': [{ certificate: 'untrusted' }, 'TLS certificate not accepted'],
  "another host's certificate": [{ certificate: 'other-host' }, 'TLS certificate not accepted'],
  'a proxy that refuses': [{ proxy: { refuse: 403 } }, 'the proxy refused the connection'],
  'a proxy that hangs': [{ proxy: 'hang' }, 'no answer in time'],
  'a proxy that hangs up': [{ proxy: 'drop' }, 'connection closed'],
  'a tunnel that is cut': [{ proxy: { cutAfterBytes: 100 } }, ''],
};

type Command = 'versions' | 'create';
interface Cell {
  readonly command: Command;
  readonly what: string;
  readonly world: Partial<WorldOptions> & { readonly env?: Record<string, string> };
  readonly said: string;
  readonly code: number;
}

const ALL: readonly Cell[] = (['versions', 'create'] as const).flatMap((command) => [
  ...Object.entries(ONE_SOURCE).map(([what, [trouble, said]]) => ({
    command,
    what,
    world: { behaviours: { 'cirruslabs/ubuntu': [trouble] } },
    said,
    code: 0,
  })),
  ...Object.entries(ALL_SOURCES).map(([what, [world, said]]) => ({ command, what: `${what} (no source)`, world, said, code: 1 })),
]);

const ARGS: Readonly<Record<Command, readonly string[]>> = { versions: ['versions', '--image', 'ubuntu'], create: ['create', 'lab'] };
let problems: ReadonlyMap<Cell, string[]>;

beforeAll(async () => {
  problems = await atOnce(6, ALL, runCell);
}, 2 * TEST_MS);

afterAll(() =>
  console.log(`registry: ${ALL.length} cells (${ALL.filter(({ code }) => code === 0).length} with another source to turn to)`),
);

async function runCell({ command, world: { env, ...trouble }, said, code }: Cell): Promise<string[]> {
  await using mac = await createMac();
  plant(mac);
  const text = await Bun.file(ours(mac, 'state.toml')).text();
  await Bun.write(ours(mac, 'state.toml'), `${text.trimEnd()}\n\n[[sources]]\nregistry = "ghcr.io/pallewela"\n`);
  mac.addImage('ghcr.io/pallewela/ubuntu:24.04');
  const before = snapshot(mac);
  await using registry = await startWorld({ kind: 'double', catalogue: CATALOGUE, ...trouble });
  const run = { env: { ...registry.env, RUSTA_REGISTRY_TIMEOUT: BOUND_S[said === 'no answer in time' ? 'silent' : 'answering'], ...env } };
  const result = await mac.rusta(ARGS[command], run).catch((error: unknown) => String(error));
  if (typeof result === 'string') return [result.slice(0, 400)];
  const problems = [
    ...checkEnd(result, { code }),
    ...harm(mac, before, { mayChange: command === 'create' && code === 0 ? 'our part' : 'nothing' }),
  ];
  if (!result.stderr.includes(said)) problems.push(`does not say '${said}': ${result.stderr.slice(0, 400)}`);
  if (said !== '' && !result.stderr.includes('ghcr.io/cirruslabs')) problems.push('does not name the source');
  if (result.stderr.length > 3_000) problems.push('the message has no end');
  const cloned = mac.calls('tart').some(({ args }) => args.join(' ') === 'clone ghcr.io/pallewela/ubuntu:24.04 lab');
  if (command === 'create' && cloned !== (code === 0)) problems.push('cloned what it should not, or nothing');
  if (command === 'versions' && (result.stdout === '') !== (code === 1)) problems.push(`printed: ${result.stdout}`);
  return problems;
}

describe.each(Object.keys(ARGS))('rusta %s', (command) => {
  test.each(ALL.filter((cell) => cell.command === command).map((cell) => [cell.what, cell.code, cell] as const))(
    '%s: %d',
    (_, _code, cell) => {
      expect(problems.get(cell)).toEqual([]);
    },
  );
});
