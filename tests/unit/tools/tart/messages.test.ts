import { describe, expect, test } from 'bun:test';
import { lastLines } from '../../../../src/text/lines.ts';
import { explainTart } from '../../../../src/tools/tart/messages.ts';

const vz = (code: number, words: string, more = '') => `Error: Error Domain=VZErrorDomain Code=${code} "${words}"${more}`;
const LOCKED =
  'UserInfo={NSLocalizedFailure=Invalid virtual machine configuration., NSLocalizedFailureReason=Failed to lock auxiliary storage., NSUnderlyingError=0x7 {Error Domain=NSPOSIXErrorDomain Code=35 "Resource temporarily unavailable"}}';
const KEYCHAIN =
  'Failed to retrieve credentials using Keychain, authentication may fail: Failed(message: "Keychain returned unsuccessful status -25308")';
const REFUSED =
  'Error: AuthFailed(why: "received unexpected HTTP status code 403 while retrieving an authentication token", details: "DENIED")';
const NO_TAG = 'Error: UnexpectedHTTPStatusCode(when: "pulling manifest", code: 404, details: "…")';
const OFFLINE = 'Error Domain=NSURLErrorDomain Code=-1009 "The Internet connection appears to be offline."';
const READ_ONLY = 'the disk where Tart keeps its VMs is read-only';
const NOT_LET = 'macOS does not let Tart at its own files';
const TOO_LARGE = 'macOS refused the configuration of the VM';

describe("Tart's messages in plain words", () => {
  const cases: readonly (readonly [output: string, message: string])[] = [
    [NO_TAG, 'the registry has no such image or tag'],
    [REFUSED, 'the registry refused access to the image'],
    [OFFLINE, 'the registry cannot be reached'],
    ['Error: A server with the specified hostname could not be found.', 'the registry cannot be reached'],
    [
      'Error Domain=NSURLErrorDomain Code=-1202 "The certificate for this server is invalid."',
      'this Mac does not trust the certificate of the registry',
    ],
    [
      'new disk size of 10 GB should be larger than the current disk size of 20 GB',
      'the disk cannot be made smaller than the image, which has 20 GB; 10 GB were asked for',
    ],
    ['Error: LessThanMinimalResourcesError: VM should have 1 CPU cores at minimum (requested 0)', 'the image needs more CPUs or memory'],
    [
      '"tart exec" is only available on macOS 14 (Sonoma) or newer',
      "this macOS is too old: 'tart exec', through which rusta talks to guests, needs macOS 14 (Sonoma) or newer",
    ],
    [
      'FAILED TO establish the default connection to the WindowServer, _CGSDefaultConnection() is NULL.',
      'there is no desktop session here for its window',
    ],

    // A full disk, as Tart, Foundation and the kernel say it.
    ['Error: Error(message: "No space left on device")', 'the disk is full'],
    ['Error: “disk.img” couldn’t be copied to “X” because there isn’t enough space.', 'the disk is full'],
    ["Error: disk.img could not be copied to X because there isn't enough space.", 'the disk is full'],
    ['Error: You can’t save the file “disk.img” because the volume “Macintosh HD” is out of space.', 'the disk is full'],
    ['Error Domain=NSCocoaErrorDomain Code=640 "…"', 'the disk is full'],
    ['Error: there is not enough disk space to pull', 'the disk is full'],
    [vz(8, 'The disk is full.'), 'the disk is full'],
    ['Error: Disc quota exceeded', 'your disk quota is used up'],

    // A disk that does not do what it should.
    ['Error: You can’t save the file “disk.img” because the volume “Ext” is read only.', READ_ONLY],
    ['Error Domain=NSPOSIXErrorDomain Code=30 "Read-only file system"', READ_ONLY],
    ['Error Domain=NSPOSIXErrorDomain Code=5 "Input/output error"', 'the disk where Tart keeps its VMs cannot be read'],
    ['Error Domain=NSCocoaErrorDomain Code=513 "You don’t have permission to save the file “disk.img” in the folder “lab”."', NOT_LET],
    ['Error: The file “disk.img” couldn’t be opened because you don’t have permission to view it.', NOT_LET],
    ['Error Domain=NSPOSIXErrorDomain Code=1 "Operation not permitted"', NOT_LET],
    ['Error Domain=NSPOSIXErrorDomain Code=13 "Permission denied"', NOT_LET],
    ['Error Domain=NSPOSIXErrorDomain Code=28 "No space left on device"', 'the disk is full'],

    // A registry that answers, but not with the image.
    [
      'Error: UnexpectedHTTPStatusCode(when: "pulling manifest", code: 429, details: "toomanyrequests")',
      'the registry has had too many requests from here',
    ],
    ['Error: UnexpectedHTTPStatusCode(when: "pulling blob", code: 503, details: "")', 'the registry has a fault of its own (HTTP 503)'],
    [
      'Error Domain=kCFErrorDomainCFNetwork Code=310 "There was a problem communicating with the secure web proxy server (HTTPS)."',
      'the proxy of this Mac cannot be reached, or refuses Tart',
    ],

    // The keychain, in all spellings and on both streams.
    ['SecKeyCreateRandomKey_ios failed', 'the login keychain is locked'],
    ['Error: Failed to generate keypair', 'the login keychain is locked'],
    ['Error: Interaction is not allowed with the Security Server', 'the login keychain is locked'],
    ['Keychain failed to update item: User interaction is not allowed.', 'the login keychain is locked'],
    [`${KEYCHAIN}\n${REFUSED}`, 'the login keychain is locked'],
    [`${KEYCHAIN}\n${NO_TAG}`, 'the registry has no such image or tag, or shows it only after a login, and the login keychain is locked'],
    [`${KEYCHAIN}\n${OFFLINE}`, 'the registry cannot be reached'],
    [
      `Failed to retrieve credentials using Docker configuration, authentication may fail: Failed(message: "docker-credential-osxkeychain not found in PATH")\n${REFUSED}`,
      "the credential helper 'docker-credential-osxkeychain' is not on PATH",
    ],
    [
      `Failed to retrieve credentials using Docker configuration, authentication may fail: Failed(message: "Docker helper failed!")\n${REFUSED}`,
      'the credential helper for the registry failed',
    ],

    // The Virtualization framework: one domain, many causes.
    ['The number of VMs exceeds the system limit (other running VMs: a, b)', 'macOS does not allow another running VM now'],
    [vz(6, 'The maximum supported number of active virtual machines has been reached.'), 'macOS does not allow another running VM now'],
    ['Error: Invalid virtual machine configuration. Too many CPUs.', TOO_LARGE],
    [
      vz(2, 'The number of processors exceeds what is allowed.', ' UserInfo={NSLocalizedFailure=Invalid virtual machine configuration.}'),
      TOO_LARGE,
    ],
    ['Error: Invalid virtual machine configuration. The memory size is larger than the maximum.', TOO_LARGE],
    [vz(2, 'A console device is invalid.'), 'macOS refused the configuration of the VM: A console device is invalid'],
    [
      'Error: Invalid virtual machine configuration. A console device is invalid.',
      'macOS refused the configuration of the VM: A console device is invalid',
    ],
    [vz(2, 'Failed to lock auxiliary storage.', LOCKED), 'a file of the VM is in use by another process'],
    ['Error: Invalid virtual machine configuration. Failed to lock auxiliary storage.', 'a file of the VM is in use by another process'],
    [vz(2, 'The storage device attachment is invalid.'), 'a file of the VM is in use by another process'],
    [
      vz(
        2,
        'A directory sharing device configuration is invalid.',
        ' UserInfo={NSLocalizedFailure=Invalid virtual machine configuration.}',
      ),
      'a folder that is to be shared does not exist',
    ],
    ['Error: Invalid disk image. The disk image format is not recognized.', 'the disk image of the VM is damaged'],
    [vz(5, 'Invalid disk image.'), 'the disk image of the VM is damaged'],
    [vz(1, 'The virtual machine failed to start.'), 'the Virtualization framework of macOS failed'],
    ['Error: Internal Virtualization error. The virtual machine failed to start.', 'the Virtualization framework of macOS failed'],
    [
      vz(12, 'The virtual machine failed to restore.'),
      'macOS did not start the VM: The virtual machine failed to restore (VZErrorDomain 12)',
    ],
    [
      'The process doesn’t have the “com.apple.security.virtualization” entitlement.',
      'this tart may not start VMs: its signature lacks the right to',
    ],
  ];
  test.each(cases)('%s', (output, message) => {
    expect(explainTart(output)?.message).toBe(message);
  });
  test('only what no later try can change is final', () => {
    const final = cases.filter(([output]) => explainTart(output)?.isFinal).map(([output]) => output);
    expect(final).toEqual(['"tart exec" is only available on macOS 14 (Sonoma) or newer']);
  });

  test('only a configuration that is too large gets the advice about CPUs and memory', () => {
    const advised = cases.filter(([output]) => explainTart(output)?.hint?.includes('more CPUs or memory than this Mac has'));
    expect(advised.map(([, message]) => message)).toEqual([TOO_LARGE, TOO_LARGE, TOO_LARGE]);
  });

  test('good credentials are not to be thrown away for a locked keychain', () => {
    expect(explainTart(`${KEYCHAIN}\n${REFUSED}`)?.hint).toBe("Over ssh, run 'security unlock-keychain' first.");
    expect(explainTart(REFUSED)?.hint).toContain("'tart logout ghcr.io'");
  });

  test('an unknown one stays as it is', () => {
    expect(explainTart('something else')).toBeUndefined();
  });
});

test('the last lines of a log, without empty ones and control sequences', () => {
  expect(lastLines('a\n\nb\r\n\u001b[31mc\u001b[0m\n', 2)).toEqual(['b', 'c']);
  expect(lastLines('', 3)).toEqual([]);
});
