import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test';
import { startWorld } from '../../registry/world.ts';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { writeState } from '../state.ts';
import { transcript } from './transcript.ts';

let mac: Mac;
beforeAll(async () => {
  mac = await createMac();
});
afterEach(() => writeState(mac, ''));
afterAll(() => mac[Symbol.asyncDispose]());

const shown = (...args: string[]) => transcript(mac, args);

test('when a source is added, moved and removed, then each step is told', async () => {
  expect(await shown('source')).toMatchInlineSnapshot(`
    "$ rusta source
    ghcr.io/cirruslabs
    (built-in default, none is configured: 'rusta source add' adds to it)
    exit 0"
  `);
  expect(await shown('source', 'add', 'ghcr.io/pallewela')).toMatchInlineSnapshot(`
    "$ rusta source add ghcr.io/pallewela
    [ok] Added source ghcr.io/pallewela
    exit 0"
  `);
  expect(await shown('source', 'add', 'ghcr.io/pallewela')).toMatchInlineSnapshot(`
    "$ rusta source add ghcr.io/pallewela
    [skip] source ghcr.io/pallewela already exists
    exit 0"
  `);
  expect(await shown('source', 'move', 'pallewela', '1')).toMatchInlineSnapshot(`
    "$ rusta source move pallewela 1
    [ok] Moved source ghcr.io/pallewela to position 1
    exit 0"
  `);
  expect(await shown('source', 'list')).toMatchInlineSnapshot(`
    "$ rusta source list
    ghcr.io/pallewela
    ghcr.io/cirruslabs
    exit 0"
  `);
  expect(await shown('source', 'rm', 'cirruslabs')).toMatchInlineSnapshot(`
    "$ rusta source rm cirruslabs
    [ok] Removed source ghcr.io/cirruslabs
    exit 0"
  `);
  expect(await shown('source', 'rm', 'pallewela')).toMatchInlineSnapshot(`
    "$ rusta source rm pallewela
    [ok] Removed source ghcr.io/pallewela
    No sources are left, so the built-in default is in effect: ghcr.io/cirruslabs
    exit 0"
  `);
});

test('when an image is added, moved and removed, then the first is marked', async () => {
  expect(await shown('image')).toMatchInlineSnapshot(`
    "$ rusta image
    ubuntu (default)
    ubuntu-desktop
    (built-in default, none is configured: 'rusta image add' adds to it)
    exit 0"
  `);
  expect(await shown('image', 'add', 'ubuntu-minimal')).toMatchInlineSnapshot(`
    "$ rusta image add ubuntu-minimal
    [ok] Added image ubuntu-minimal
    exit 0"
  `);
  expect(await shown('image', 'move', 'ubuntu-minimal', '1')).toMatchInlineSnapshot(`
    "$ rusta image move ubuntu-minimal 1
    [ok] Moved image ubuntu-minimal to position 1
    exit 0"
  `);
  expect(await shown('image', 'list')).toMatchInlineSnapshot(`
    "$ rusta image list
    ubuntu-minimal (default)
    ubuntu
    ubuntu-desktop
    exit 0"
  `);
  expect(await shown('image', 'rm', 'ubuntu')).toMatchInlineSnapshot(`
    "$ rusta image rm ubuntu
    [ok] Removed image ubuntu
    exit 0"
  `);
});

test('when what is to be removed is not in the list, then the nearest is offered', async () => {
  expect(await shown('image', 'rm', 'ubunto')).toMatchInlineSnapshot(`
    "$ rusta image rm ubunto
    [stderr] [error] image 'ubunto' is not configured
    [stderr] Did you mean 'ubuntu'? 'rusta image list' shows what is configured.
    exit 2"
  `);
});

test('when what is to be added cannot be used, then the reason is told', async () => {
  expect(await shown('source', 'add', 'docker.io/library')).toMatchInlineSnapshot(`
    "$ rusta source add docker.io/library
    [stderr] [error] 'docker.io/library' is not a source: only ghcr.io is supported, not 'docker.io'
    [stderr] Use a registry and a namespace, e.g. ghcr.io/cirruslabs.
    exit 1"
  `);
  expect(await shown('image', 'add', 'team/ubuntu')).toMatchInlineSnapshot(`
    "$ rusta image add team/ubuntu
    [stderr] [error] 'team/ubuntu' is not an image name: it must not have a '/'
    [stderr] Use one name such as ubuntu; the namespace comes from the source.
    exit 1"
  `);
});

test('when versions are asked for, then it is told where each can be had', async () => {
  const catalogue = {
    'cirruslabs/ubuntu': ['22.04', '24.04', 'latest'],
    'cirruslabs/ubuntu-desktop': ['24.04'],
    'pallewela/ubuntu': ['24.04'],
  };
  await using registry = await startWorld({ kind: 'double', catalogue });
  await mac.rusta(['source', 'add', 'ghcr.io/pallewela']);
  expect(await transcript(mac, ['versions'], { env: registry.env })).toMatchInlineSnapshot(`
    "$ rusta versions
    22.04             ubuntu: cirruslabs
    24.04 (default)   ubuntu: cirruslabs, pallewela  (create uses cirruslabs); ubuntu-desktop: cirruslabs
    exit 0"
  `);
});

test('when no registry can be reached, then each is named', async () => {
  const env = { HTTPS_PROXY: 'http://127.0.0.1:1' };
  expect(await transcript(mac, ['versions'], { env })).toMatchInlineSnapshot(`
    "$ rusta versions
    [stderr] [warn] skipping ghcr.io/cirruslabs/ubuntu, it cannot be reached: connection refused (ECONNREFUSED)
    [stderr] [warn] skipping ghcr.io/cirruslabs/ubuntu-desktop, it cannot be reached: connection refused (ECONNREFUSED)
    [stderr] [error] no source can be reached
    [stderr] Check the network, VPN and proxy settings (HTTPS_PROXY, NODE_EXTRA_CA_CERTS).
    exit 1"
  `);
});
