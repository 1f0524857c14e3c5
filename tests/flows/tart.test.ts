import { expect, test } from 'bun:test';
import { listing, rusta, scripted, UNAME } from './scripted.ts';

test('a list that fails because a VM vanished meanwhile is asked again', async () => {
  const vanished = {
    call: 'tart list --format json',
    code: 1,
    stderr: 'Error: The file “config.json” couldn’t be opened because there is no such file.',
  };
  const { app, streams, finish } = scripted({ calls: [UNAME, vanished, listing({ lab: 'stopped' })] });
  await rusta(app, 'list');
  expect(streams[1]).toContain('lab');
  finish();
});

test('any other failure of it is told at once, with its first line', async () => {
  const { app, finish } = scripted({ calls: [UNAME, { call: 'tart list --format json', code: 1, stderr: '\nError: bad\nmore' }] });
  await expect(rusta(app, 'list')).rejects.toThrow("'tart list' failed (exit 1): Error: bad");
  finish();
});

test('two programs for an address that is known', async () => {
  const { app, finish } = scripted({ calls: [UNAME, listing({ lab: 'running' }), { call: 'tart ip lab', stdout: '192.168.64.7\n' }] });
  await rusta(app, 'ip lab');
  finish();
});
