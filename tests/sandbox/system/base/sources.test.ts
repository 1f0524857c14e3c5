import { expect, test } from 'bun:test';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { distributionSources } from './sources.ts';

const etcWith = async (files: Record<string, string>) => {
  const etc = await mkdtemp(join(tmpdir(), 'rusta-sources-'));
  await mkdir(join(etc, 'sources.list.d'));
  for (const [name, text] of Object.entries(files)) await Bun.write(join(etc, name), text);
  return { etc, [Symbol.asyncDispose]: () => rm(etc, { recursive: true }) };
};

test('takes the entries of the release in both formats, and only those', async () => {
  await using folder = await etcWith({
    'sources.list': [
      '# deb http://mirror.invalid/old bookworm main',
      'deb [ arch=amd64 ] http://mirror.invalid/debian bookworm main contrib # why',
      'deb-src http://mirror.invalid/debian bookworm main',
      'deb http://vendor.invalid/apt cloud-tool-bookworm main',
    ].join('\n'),
    'sources.list.d/a.sources': [
      'Types: deb deb-src',
      '# a comment between fields',
      'URIs: http://mirror.invalid/debian',
      'Suites: bookworm-updates',
      ' bookworm-security',
      'Components: main',
      'Signed-By: /usr/share/keyrings/some.gpg',
      '',
      'Types: deb',
      'URIs: http://vendor.invalid/sql',
      'Suites: bookworm-vendor',
      'Components: main',
      '',
      'Enabled: no',
      'Types: deb',
      'URIs: http://mirror.invalid/disabled',
      'Suites: bookworm',
      'Components: main',
    ].join('\n'),
    'sources.list.d/b.list.disabled': 'deb http://mirror.invalid/disabled bookworm main',
  });
  expect(await distributionSources('bookworm', folder.etc)).toEqual([
    'deb [arch=amd64] http://mirror.invalid/debian bookworm main contrib',
    'deb [signed-by=/usr/share/keyrings/some.gpg] http://mirror.invalid/debian bookworm-updates main',
    'deb [signed-by=/usr/share/keyrings/some.gpg] http://mirror.invalid/debian bookworm-security main',
  ]);
});

test('a machine without apt has none', async () => {
  expect(await distributionSources('bookworm', '/does/not/exist')).toEqual([]);
});
