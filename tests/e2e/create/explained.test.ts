import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { startWorld, type WorldOptions } from '../../registry/world.ts';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { commands, readState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

const AGAIN = "Nothing is left of VM 'lab'. Try again with 'rusta create lab ...'.";
const CATALOGUE = { 'cirruslabs/ubuntu': ['22.04', '24.04', '25.10', 'latest'] };

/** Creates a release that Tart finds nowhere, before a registry that may tell what there is instead. */
async function createUnknown(options: Partial<WorldOptions> = {}) {
  await using registry = await startWorld({ kind: 'double', catalogue: CATALOGUE, ...options });
  return await mac.rusta(['create', 'lab', '--version', '23.04'], { env: registry.env });
}

describe('a tag that does not exist', () => {
  test('comes with the nearest ones', async () => {
    const { code, stderr } = await createUnknown();
    expect(code).toBe(1);
    expect(stderr.split('\n')).toEqual([
      "[error] VM 'lab' was not created from ghcr.io/cirruslabs/ubuntu:23.04: the registry has no such image or tag",
      expect.stringMatching(/^ {2}\| Error: UnexpectedHTTP.*code: 404/),
      'Nearest: 22.04, 24.04, 25.10.',
      "'rusta versions' lists what there is.",
      AGAIN,
      '',
    ]);
    expect(mac.vm('lab').exists).toBe(false);
    expect((readState(mac) ?? '').trim()).toBe('');
  });

  test.each([
    ['refuses', { proxy: { refuse: 502 } }],
    ['never answers', { behaviours: { 'cirruslabs/ubuntu': [{ kind: 'silent', on: 'token' }] } }],
  ] as [string, Partial<WorldOptions>][])('is said without them where the registry %s', async (_, world) => {
    const { code, stderr } = await createUnknown(world);
    expect(code).toBe(1);
    expect(stderr).toContain('the registry has no such image or tag\n');
    expect(stderr).not.toContain('Nearest');
  });
});

test.each([
  ['Error: The Internet connection appears to be offline.', 'the registry cannot be reached', 'Check the network, VPN and proxy settings.'],
  [
    'Error: You can’t save the file “disk.img” because the volume is out of space. No space left on device',
    'the disk is full',
    "'tart prune --entries caches --older-than 7' removes images",
  ],
])('what tart clone says is put in plain words: %s', async (stderr, message, hint) => {
  mac.configure({ faults: [{ program: 'tart', args: ['clone'], do: 'exit', stderr: `${stderr}\n` }] });
  const result = await mac.rusta(['create', 'lab']);
  expect(result.code).toBe(1);
  expect(result.stderr).toStartWith(
    `[error] VM 'lab' was not created from ghcr.io/cirruslabs/ubuntu:24.04: ${message}\n  | ${stderr}\n${hint}`,
  );
  expect(result.stderr).toEndWith(`${AGAIN}\n`);
});

test('a disk below that of a cached image is refused before the clone, with the numbers', async () => {
  mac.addImage('ghcr.io/cirruslabs/ubuntu:24.04');
  const result = await mac.rusta(['create', 'lab', '--disk', '19']);
  expect(result.stderr).toBe(
    "[error] a disk of 19 GB is smaller than that of ghcr.io/cirruslabs/ubuntu:24.04, which has 20 GB\nNothing was created. Try again with 'rusta create lab --disk 20 ...' or more.\n",
  );
  expect(result.code).toBe(1);
  expect(commands(mac, 'tart')).toEqual(['list --format json']);
  expect((readState(mac) ?? '').trim()).toBe('');
});

test.each([
  ['Error: Interaction is not allowed with the Security Server', 'the login keychain is locked', "'security unlock-keychain'"],
  ['Error: Invalid virtual machine configuration. CPU count', 'macOS refused the configuration of the VM', 'more CPUs or memory'],
])('what tart run says is put in plain words: %s', async (bootError, message, hint) => {
  mac.configure({ behavior: { bootError } });
  const { code, stderr } = await mac.rusta(['create', 'lab']);
  expect(code).toBe(1);
  expect(stderr).toContain(`'tart run' exited with 1: ${message}`);
  for (const part of [hint, `  | ${bootError}`, "Go on with 'rusta create lab --resume'"]) expect(stderr).toContain(part);
});

test('a failing apt is shown with its last 15 lines and the line of the script', async () => {
  const said = Array.from({ length: 30 }, (_, index) => `apt says ${index}`);
  mac.configure({
    faults: [
      { program: 'guest:add-apt-repository', do: 'exit' },
      { program: 'guest:apt-get', args: ['-y'], do: 'exit', code: 100, stdout: `${said.join('\n')}\n`, after: 2 },
    ],
  });
  const { code, stderr } = await mac.rusta(['create', 'lab', '--gui', 'lightdm']);
  expect(code).toBe(1);
  expect(stderr).toContain("provisioning VM 'lab' failed in step 10 of 13, Installing lightdm: exit code 100");
  const shown = stderr.split('\n').filter((line) => line.startsWith('  | '));
  expect(shown).toHaveLength(15);
  expect(shown[13]).toBe('  | apt says 29');
  expect(shown[14]).toMatch(/^ {2}\| >>> Failed at line \d+: install_packages "\$\{DESKTOP_PACKAGES\[@\]\}" \(exit 100\)$/);
  expect(stderr.trimEnd().split('\n').slice(-2)[0]).toMatch(/^Full log: .*provision\/lab\.log$/);
});

test.each([
  ['Temporary failure resolving ‘ports.ubuntu.com’', 'the guest cannot find the address of ports.ubuntu.com', 'Check the network'],
  ['E: You don’t have enough free space in /var/cache/apt/archives/.', "the guest's disk is full", 'a larger --disk'],
])('what apt says is put in plain words: %s', async (line, message, hint) => {
  mac.configure({ faults: [{ program: 'guest:apt-get', args: ['-y'], do: 'exit', code: 100, stderr: `${line}\n` }] });
  const { stderr } = await mac.rusta(['create', 'lab']);
  expect(stderr).toContain(`failed in step 5 of 8, Refreshing the package lists: ${message}\n`);
  expect(stderr).toContain(hint);
});
