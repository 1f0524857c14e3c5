import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { RUSTA } from '../e2e/rusta.ts';
import { startWorld } from '../registry/world.ts';
import { createMac } from '../sandbox/mac.ts';
import { whyNotIsolated } from './isolated.ts';

setDefaultTimeout(60_000);

/** What a machine trusts, as the Keychain is on a Mac. */
const STORE = '/etc/ssl/certs/ca-certificates.crt';
const CATALOGUE = { 'cirruslabs/ubuntu': ['22.04', '24.04'] };

describe.skipIf(whyNotIsolated() !== undefined || !existsSync(STORE))('an authority that only the machine trusts', () => {
  test.each([
    ['is trusted too', STORE, { code: 0, stdout: '22.04\n24.04 (default)\n', stderr: '' }],
    ['elsewhere is not', '/etc/hostname', { code: 1, stderr: expect.stringContaining('TLS certificate not accepted') }],
  ])('%s', async (_what, place, expected) => {
    await using world = await startWorld({ kind: 'double', catalogue: CATALOGUE });
    await using mac = await createMac();
    const { HTTPS_PROXY, NODE_EXTRA_CA_CERTS } = world.env;
    const trusted = `mount --bind '${NODE_EXTRA_CA_CERTS}' ${place} && exec "$0" "$@"`;
    const argv = [RUSTA, 'versions', '--image', 'ubuntu'];
    const result = await mac.run('/usr/bin/unshare', ['--mount', '/bin/sh', '-c', trusted, ...argv], {
      env: { HTTPS_PROXY, PATH: `${mac.env['PATH']}:/usr/bin:/bin` },
    });
    expect(result).toMatchObject(expected);
  });
});
