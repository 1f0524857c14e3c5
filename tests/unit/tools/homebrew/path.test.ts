import { expect, test } from 'bun:test';
import { homebrewFolder, withHomebrew } from '../../../../src/tools/homebrew/path.ts';

const SHORT = '/usr/bin:/bin:/usr/sbin:/sbin';
const path = (env: Record<string, string>, ...folders: string[]) => withHomebrew(env, (folder) => folders.includes(folder))['PATH'];

test.each([
  ['a PATH without it', { PATH: SHORT }, `${SHORT}:/opt/homebrew/bin`],
  ['a prefix of the user', { PATH: SHORT, HOMEBREW_PREFIX: '/Volumes/x/brew' }, `${SHORT}:/Volumes/x/brew/bin`],
  ['a prefix that ends with a slash', { PATH: SHORT, HOMEBREW_PREFIX: '/Volumes/x/brew/' }, `${SHORT}:/Volumes/x/brew/bin`],
  ['a prefix that is no path', { PATH: SHORT, HOMEBREW_PREFIX: 'brew' }, `${SHORT}:/opt/homebrew/bin`],
  ['an empty prefix', { PATH: SHORT, HOMEBREW_PREFIX: '' }, `${SHORT}:/opt/homebrew/bin`],
  ['a PATH that has it, first', { PATH: `/opt/homebrew/bin:${SHORT}` }, `/opt/homebrew/bin:${SHORT}`],
  ['a PATH that has it, with a slash', { PATH: `${SHORT}:/opt/homebrew/bin/` }, `${SHORT}:/opt/homebrew/bin/`],
  ['a PATH with the like of it', { PATH: '/old/opt/homebrew/bin' }, '/old/opt/homebrew/bin:/opt/homebrew/bin'],
  ['an empty PATH: no entry for the current folder arises', { PATH: '' }, '/opt/homebrew/bin'],
  ['no PATH at all', {}, '/opt/homebrew/bin'],
])('%s', (_what, env, expected) => {
  expect(path(env, '/opt/homebrew/bin', '/Volumes/x/brew/bin')).toBe(expected);
});

test('a folder that does not exist is not added, and the rest of the environment stays', () => {
  expect(path({ PATH: SHORT })).toBe(SHORT);
  // Where the user says where it stands, it is not looked for elsewhere.
  expect(path({ PATH: SHORT, HOMEBREW_PREFIX: '/gone' }, '/opt/homebrew/bin')).toBe(SHORT);
  expect(withHomebrew({ PATH: SHORT, A: 'b' }, () => true)).toEqual({ PATH: `${SHORT}:/opt/homebrew/bin`, A: 'b' });
});

test('the folder that messages name', () => {
  expect(homebrewFolder({})).toBe('/opt/homebrew/bin');
  expect(homebrewFolder({ HOMEBREW_PREFIX: '/x' })).toBe('/x/bin');
});
