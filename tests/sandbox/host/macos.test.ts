import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { createMac, type Mac } from '../mac.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

describe('the programs of macOS', () => {
  test.each([
    ['sw_vers', ['-productVersion'], '15.7.3\n'],
    ['sysctl', ['-n', 'kern.hv_support'], '1\n'],
    ['sysctl', ['kern.hv_support'], 'kern.hv_support: 1\n'],
    ['launchctl', ['managername'], 'Aqua\n'],
    ['route', ['-n', 'get', '192.168.64.3'], expect.stringContaining('\n  interface: bridge100\n')],
    ['df', ['-Pk', '/'], expect.stringMatching(/ 97656250 +\d+% +\/\S+\n$/)],
  ])('%s %j', async (program, args, stdout) => {
    expect(await mac.run(program, args)).toMatchObject({ code: 0, stdout, stderr: '' });
  });

  test.each([
    ['sysctl', ['-n', 'hw.none'], "sysctl: unknown oid 'hw.none'\n"],
    ['df', ['-Pk', '/not/there'], 'df: /not/there: No such file or directory\n'],
  ])('%s %j fails', async (program, args, stderr) => {
    expect(await mac.run(program, args)).toMatchObject({ code: 1, stdout: '', stderr });
  });

  test('security tells of the keychain', async () => {
    const ask = () => mac.run('security', ['show-keychain-info', 'login.keychain']);
    expect(await ask()).toMatchObject({ code: 0, stderr: 'Keychain "login.keychain" no-timeout\n' });
    mac.configure({ macos: { keychain: 'missing' } });
    expect(await ask()).toMatchObject({ code: 50, stderr: expect.stringContaining('could not be found') });
    mac.configure({ macos: { keychain: 'locked', session: 'Background' } });
    expect(await ask()).toMatchObject({ code: 36, stderr: expect.stringContaining('User interaction is not allowed') });
  });
});
