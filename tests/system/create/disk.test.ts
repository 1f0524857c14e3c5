import { describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { RUSTA } from '../../e2e/rusta.ts';
import { commands, readState } from '../../e2e/state.ts';
import { createMac } from '../../sandbox/mac.ts';
import { cannotRun } from '../guest.ts';

describe.skipIf(cannotRun())('before a disk that is nearly full', () => {
  test('create is refused before the clone, with the numbers', async () => {
    await using mac = await createMac();
    const folder = await mkdtemp('/tmp/rusta-full-');
    // A small file system that is gone with the namespace it is in.
    const inside = `mount -t tmpfs -o size=1g tmpfs ${folder} && exec ${RUSTA} create lab`;
    const result = await mac.run('/usr/bin/unshare', ['--mount', '/bin/sh', '-c', inside], {
      env: { TART_HOME: `${folder}/tart`, PATH: `${mac.env['PATH']}:/usr/bin:/bin` },
    });
    await rm(folder, { recursive: true });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toStartWith(
      `[error] not enough disk space for VM 'lab': 1.1 GB are free in ${folder}/tart, 4 GB are needed at least\nNothing was created. 'tart prune --entries caches`,
    );
    expect(result.stderr).toEndWith("Then try again with 'rusta create lab ...'.\n");
    expect(commands(mac, 'tart')).toEqual(['list --format json']);
    expect((readState(mac) ?? '').trim()).toBe('');
  });
});
