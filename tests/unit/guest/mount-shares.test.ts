import { expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { mountScript, parseNotMounted } from '../../../src/guest/mount-shares.ts';

const script = mountScript([{ tag: 'rusta-0', guest: "/mnt/it's mine", readOnly: true }], 'share', 'admin');

test('the script is bash', () => {
  expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
});

test.skipIf(Bun.which('shellcheck') === null)('the script passes shellcheck', () => {
  expect(spawnSync('shellcheck', ['-'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' });
});

test('what it says could not be mounted is known', () => {
  expect(parseNotMounted('>>> Not mounted: /mnt/x: mkdir: File exists')).toBe('/mnt/x: mkdir: File exists');
  expect(parseNotMounted('>>> Warning: Not mounted: /mnt/x')).toBeUndefined();
});
