import { describe, expect, test } from 'bun:test';
import { explainInstallation } from '../../../src/guest/provisioning/install-errors.ts';

const explained = (...lines: string[]) => explainInstallation(lines)?.message;

describe('what the programs say is put in plain words', () => {
  const cases: readonly (readonly [line: string, message: string])[] = [
    ['  Temporary failure resolving ‘ports.ubuntu.com’', 'the guest cannot find the address of ports.ubuntu.com'],
    ["  Could not resolve 'archive.ubuntu.com'", 'the guest cannot find the address of archive.ubuntu.com'],
    ['curl: (6) Could not resolve host: get.docker.com', 'the guest cannot find the address of get.docker.com'],
    [
      '  Could not connect to ports.ubuntu.com:80 (185.125.190.36). - connect (111: Connection refused)',
      'the guest cannot reach ports.ubuntu.com',
    ],
    [
      "curl: (7) Failed to connect to get.docker.com port 443 after 3 ms: Couldn't connect to server",
      'the guest cannot reach get.docker.com',
    ],
    ['  Cannot initiate the connection to x:80 (2620::1). - connect (101: Network is unreachable)', 'the guest has no way out'],
    ['curl: (28) Connection timed out after 20001 milliseconds', 'the guest has no way out'],
    ['curl: (35) Recv failure: Connection reset by peer', 'the connection to the server was cut'],
    ['curl: (52) Empty reply from server', 'the connection to the server was cut'],
    ['curl: (18) transfer closed with 12 bytes remaining to read', 'the connection to the server was cut'],
    ['curl: (22) The requested URL returned error: 503', 'the server answered with HTTP 503'],
    ['curl: (56) Received HTTP code 407 from proxy after CONNECT', 'the proxy wants a login'],
    ['curl: (56) CONNECT tunnel failed, response 407', 'the proxy wants a login'],
    ['  Invalid response from proxy: HTTP/1.1 407 Proxy Authentication Required  [IP: 10.0.0.1 3128]', 'the proxy wants a login'],
    ['curl: (56) CONNECT tunnel failed, response 403', 'the proxy of this Mac refused the guest'],
    ['curl: (5) Could not resolve proxy: proxy.corp', 'the proxy of this Mac refused the guest'],
    [
      'curl: (60) SSL certificate problem: unable to get local issuer certificate',
      'the guest does not trust the certificate that it was shown',
    ],
    [
      '  Certificate verification failed: The certificate is NOT trusted. The certificate issuer is unknown.  Could not handshake',
      'the guest does not trust the certificate that it was shown',
    ],
    ['curl: (60) SSL certificate problem: certificate is not yet valid', 'the clock of the guest is behind (did this Mac sleep?)'],
    [
      'E: Release file for http://x/InRelease is not valid yet (invalid for another 9h 13min 2s). Updates for this repository will not be applied.',
      'the clock of the guest is behind (did this Mac sleep?)',
    ],
    [
      'E: Release file for http://x/InRelease is expired (invalid since 3d 1h 2min 3s).',
      'what the guest was shown has expired: the package mirror is out of date, or the clock of this Mac is ahead',
    ],
    ['dpkg: error processing archive: cannot copy: No space left on device', "the guest's disk is full"],
    ["E: You don't have enough free space in /var/cache/apt/archives/.", "the guest's disk is full"],
    ['curl: (23) Failure writing output to destination: No space left on device', "the guest's disk is full"],
    [
      'E: Failed to fetch http://ports.ubuntu.com/x.deb  404  Not Found [IP: 192.0.2.1 80]',
      'the package mirror has newer packages than the lists in the guest name',
    ],
    [
      'E: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?',
      'the package mirror has newer packages than the lists in the guest name',
    ],
    ['E: Failed to fetch http://x/InRelease  503  Service Unavailable [IP: 192.0.2.1 80]', 'the package mirror answered with HTTP 503'],
    ['E: Failed to fetch https://x/InRelease  429  Too Many Requests [IP: 192.0.2.1 443]', 'the package mirror answered with HTTP 429'],
    ['  Could not handshake: The TLS connection was non-properly terminated. [IP: 192.0.2.1 443]', 'the connection to the server was cut'],
    ['sudo: a password is required', 'the user in the guest may not use sudo without a password'],
    [
      'sudo: a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper',
      'the user in the guest may not use sudo without a password',
    ],
    ['bob is not in the sudoers file.', 'the user in the guest may not use sudo without a password'],
    ["cp: cannot create regular file '/etc/x': Read-only file system", "the guest's disk is read-only"],
    ['E: Write error - write (12: Cannot allocate memory)', 'the guest has run out of memory'],
    ['Killed', 'the guest has run out of memory'],
    [
      "E: Unmet dependencies. Try 'apt --fix-broken install' with no packages (or specify a solution).",
      'the packages in the guest do not fit together',
    ],
    ['bash: line 30: curl: command not found', 'the guest has no curl'],
    ["ERROR: Unsupported distribution 'mint'", "Docker's installer does not know the system of the guest (mint)"],
    ['E: Unable to locate package spice-webdavd', 'this release lacks one of the packages'],
    ["E: Package 'apt-fast' has no installation candidate", 'this release lacks one of the packages'],
    ['E: Failed to fetch x  File has unexpected size (1 != 2). Mirror sync in progress?', 'the package mirror is being updated'],
    [
      'E: Could not get lock /var/lib/apt/lists/lock. It is held by process 123 (perl)',
      'another package manager does not end in the guest',
    ],
    ['Another package manager has held the lock for 10 minutes', 'another package manager does not end in the guest'],
    [
      'debconf: DbDriver "config": /var/cache/debconf/config.dat is locked by another process: Resource temporarily unavailable',
      'another package manager does not end in the guest',
    ],
    [
      'W: GPG error: http://x stable InRelease: The following signatures were invalid: EXPKEYSIG ABC vendor',
      'a package repository is not signed by a key that the guest knows',
    ],
    [
      "E: The repository 'http://x/ubuntu noble InRelease' is not signed.",
      'a package repository is not signed by a key that the guest knows',
    ],
    [
      "E: The repository 'http://x/ubuntu resolute Release' does not have a Release file.",
      'the package repository http://x/ubuntu has nothing for this release',
    ],
    ['E: Malformed entry 1 in list file /etc/apt/sources.list.d/x.list (Component)', "the guest's list of package repositories is broken"],
    [
      'The guest has a docker command already, and it belongs to the snap of Docker',
      'the guest has the snap of Docker, which has no docker.service',
    ],
    ['The guest has a docker command already, and it belongs to podman', 'the guest has a docker command of podman'],
  ];
  test.each(cases)('%s', (line, message) => {
    expect(explained(line)).toBe(message);
  });
});

test('of several lines that are known, the last says most', () => {
  const network = '  Could not connect to vendor.example:80 (192.0.2.1)';
  const missing = 'E: Unable to locate package git';
  expect(explained(network, missing, '>>> Failed at line 12: refresh_lists (exit 100)')).toBe('this release lacks one of the packages');
  expect(explained(missing, network)).toBe('the guest cannot reach vendor.example');
});

test.each([
  ['429', 'Wait some minutes.'],
  ['503', 'Wait some minutes.'],
  ['403', 'A proxy or firewall may have answered in its place, or the file has moved.'],
])('when a server answers with HTTP %s, then the hint is what may help', (status, hint) => {
  expect(explainInstallation([`curl: (22) The requested URL returned error: ${status}`])?.hint).toBe(hint);
});

test('unknown words are not explained', () => {
  expect(explained('E: Sub-process /usr/bin/dpkg returned an error code (1)')).toBeUndefined();
  expect(explained()).toBeUndefined();
});
