import { expect, test } from 'bun:test';
import { type Call, listing, rusta, scripted, UNAME } from './scripted.ts';

const QUIET = { HOMEBREW_NO_AUTO_UPDATE: '1', HOMEBREW_NO_ASK: '1' };
const FROZEN = 'brew install cirruslabs/cli/tart';
const LIVING = 'brew install openai/tools/softnet openai/tools/tart';
const PREFIX: Call = { call: 'brew --prefix', stdout: '/opt/homebrew\n' };

/** What brew and git tell on stderr before the reason, and brew after it. */
const told = (reason: string) => `==> Tapping openai/tools\nCloning into '/opt/homebrew/Library/Taps'...\n${reason}\nRun it again.\n`;

/** What \`rusta list\` throws where tart is missing and these calls come. */
async function failed(...calls: Call[]) {
  const { app, finish } = scripted({ programs: new Set(['uname', 'brew']), calls: [UNAME, ...calls] });
  const error = await rusta(app, 'list').catch((thrown: unknown) => thrown);
  finish();
  expect(error).toHaveProperty('exitCode', 1);
  return error as { readonly message: string; readonly hint: string };
}

test('a missing tart comes from the living tap where the frozen one is refused, each named before', async () => {
  const programs = new Set(['uname', 'brew']);
  const { app, streams, finish } = scripted({
    programs,
    calls: [
      UNAME,
      { call: FROZEN, code: 1, stderr: 'Error: refusing to load untrusted tap', env: QUIET },
      { call: LIVING, env: QUIET, effect: () => programs.add('tart') },
      listing({}),
    ],
  });
  await rusta(app, 'list');
  expect(streams[1]).toBe(
    '==> Installing tart with Homebrew (cirruslabs/cli/tart)\n==> Installing tart with Homebrew (openai/tools/softnet openai/tools/tart)\nNAME   STATUS   DEFAULT\n',
  );
  finish();
});

test("when no tap gives tart, brew's own reasons are told and the way to trust it", async () => {
  const { message, hint } = await failed(
    { call: FROZEN, code: 1, stderr: told('Error: refused') },
    { call: LIVING, code: 1, stdout: '==> Fetching tart\n', stderr: told('Error: not trusted') },
    PREFIX,
  );
  expect(message).toBe(
    `tart could not be installed: '${FROZEN}' failed (exit 1): Error: refused; '${LIVING}' failed (exit 1): Error: not trusted`,
  );
  expect(hint).toContain('brew trust openai/tools');
});

test('a brew that fails without its word for it is quoted by its last line', async () => {
  const dies: Partial<Call> = {
    code: 128,
    stderr: "==> Tapping x\nfatal: unable to access 'https://github.com/': Could not resolve host\n",
  };
  const { message } = await failed({ call: FROZEN, ...dies }, { call: LIVING, ...dies }, PREFIX);
  expect(message).toContain("failed (exit 128): fatal: unable to access 'https://github.com/': Could not resolve host;");
});

test.each([
  ['the Homebrew of Intel Macs', 'Error: tart: Arm64 is required.', '/usr/local\n', 'the one for Intel Macs'],
  ['root', 'Error: Running Homebrew as root is extremely dangerous and no longer supported.', undefined, 'without sudo'],
])('%s: what to do is said', async (_who, reason, prefix, said) => {
  const { hint } = await failed(
    ...[FROZEN, LIVING].map((call) => ({ call, code: 1, stderr: told(reason) })),
    ...(prefix === undefined ? [] : [{ ...PREFIX, stdout: prefix }]),
  );
  expect(hint).toContain(said);
});

test('nothing is asked of Tart on another machine or without Homebrew', async () => {
  const intel = scripted({ calls: [{ call: 'uname -m', stdout: 'x86_64\n' }] });
  expect(await rusta(intel.app, 'list').catch((e: unknown) => e)).toHaveProperty('message', expect.stringContaining('Apple Silicon'));
  intel.finish();
  const bare = scripted({ programs: new Set(['uname', 'tart']), calls: [UNAME] });
  expect(await rusta(bare.app, 'list').catch((e: unknown) => e)).toHaveProperty('message', expect.stringContaining('Homebrew'));
  bare.finish();
});
