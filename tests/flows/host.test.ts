import { expect, test } from 'bun:test';
import { listing, rusta, scripted, UNAME } from './scripted.ts';

const QUIET = { HOMEBREW_NO_AUTO_UPDATE: '1' };

test('a missing tart comes from the living tap where the frozen one is refused, each named before', async () => {
  const programs = new Set(['uname', 'brew']);
  const { app, streams, finish } = scripted({
    programs,
    calls: [
      UNAME,
      { call: 'brew install cirruslabs/cli/tart', code: 1, stderr: 'Error: refusing to load untrusted tap', env: QUIET },
      { call: 'brew install openai/tools/tart', env: QUIET, effect: () => programs.add('tart') },
      listing({}),
    ],
  });
  await rusta(app, 'list');
  expect(streams[1]).toBe(
    '==> Installing tart with Homebrew (cirruslabs/cli/tart)\n==> Installing tart with Homebrew (openai/tools/tart)\nNAME   STATUS   DEFAULT\n',
  );
  finish();
});

test('when no tap gives tart, the way to trust it is said', async () => {
  const { app, finish } = scripted({
    programs: new Set(['uname', 'brew']),
    calls: [
      UNAME,
      { call: 'brew install cirruslabs/cli/tart', code: 1, stderr: 'Error: refused' },
      { call: 'brew install openai/tools/tart', code: 1, stderr: 'Error: not trusted' },
    ],
  });
  const error = await rusta(app, 'list').catch((thrown: unknown) => thrown);
  expect(error).toHaveProperty('message', expect.stringContaining("'brew install' failed (exit 1): Error: refused"));
  expect(error).toHaveProperty('hint', expect.stringContaining('brew trust openai/tools'));
  expect(error).toHaveProperty('exitCode', 1);
  finish();
});

test('nothing is asked of Tart on another machine or without Homebrew', async () => {
  const intel = scripted({ calls: [{ call: 'uname -m', stdout: 'x86_64\n' }] });
  expect(await rusta(intel.app, 'list').catch((e: unknown) => e)).toHaveProperty('message', expect.stringContaining('Apple Silicon'));
  intel.finish();
  const bare = scripted({ programs: new Set(['uname', 'tart']), calls: [UNAME] });
  expect(await rusta(bare.app, 'list').catch((e: unknown) => e)).toHaveProperty('message', expect.stringContaining('Homebrew'));
  bare.finish();
});
