import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUSTA } from '../e2e/rusta.ts';
import { createMac } from '../sandbox/mac.ts';
import { whyNotIsolated } from './isolated.ts';

setDefaultTimeout(60_000);

/** Foundation's answer, for a path that exists and the value that Finder shows. */
const osascript = (bytes: number) => `#!/bin/sh
case "$*" in *NSURLVolumeAvailableCapacityForImportantUsageKey*) ;; *) exit 1 ;; esac
for path; do :; done
[ -e "$path" ] || exit 1
echo ${bytes}
`;

describe.skipIf(whyNotIsolated() !== undefined)('on a disk that statfs calls full', () => {
  test.each([
    ['what macOS would purge makes room', 40e9, 0, ''],
    ['where that is too little as well create is refused', 2e9, 1, 'not enough disk space'],
  ])('%s', async (_what, bytes, code, said) => {
    await using mac = await createMac();
    writeFileSync(join(mac.bin, 'osascript'), osascript(bytes), { mode: 0o755 });
    const folder = mkdtempSync('/tmp/rusta-full-');
    // A small file system that is gone with the namespace it is in. The folder of Tart itself does not exist yet.
    const inside = `mount -t tmpfs -o size=1g tmpfs ${folder} && exec "$0" "$@"`;
    const result = await mac.run('/usr/bin/unshare', ['--mount', '/bin/sh', '-c', inside, RUSTA, 'create', 'lab'], {
      env: { TART_HOME: `${folder}/tart`, PATH: `${mac.env['PATH']}:/usr/bin:/bin` },
    });
    rmSync(folder, { recursive: true });
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(said);
  });
});
