import { type Explanation, explain, type KnownMessage } from '../../text/explain.ts';

const NETWORK = 'Check the network, VPN and firewall of this Mac: guests go out through it.';

/** Messages of apt, dpkg, curl and our own scripts whose cause lies elsewhere; the first that matches a line counts. */
const KNOWN: readonly KnownMessage[] = [
  {
    pattern: /No space left on device|enough free space/,
    message: "the guest's disk is full",
    hint: 'Make room in it, or start over with a larger --disk.',
  },
  {
    pattern: /is not valid yet|certificate is not yet valid|certificate .*not (yet )?activated/i,
    message: 'the clock of the guest is behind (did this Mac sleep?)',
    hint: 'Going on sets it by the clock of this Mac.',
  },
  {
    pattern: /Release file .* (is expired|expired)|certificate has expired/i,
    message: 'what the guest was shown has expired: the package mirror is out of date, or the clock of this Mac is ahead',
    hint: 'Compare the clock of this Mac, or wait for the mirror.',
  },
  {
    pattern: /(HTTP code|response|proxy:.*) 407|Proxy Authentication Required/i,
    message: 'the proxy wants a login',
    hint: 'Put it into the proxy variables of this shell: https_proxy=http://<user>:<password>@<host>:<port>',
  },
  {
    pattern: /HTTP code \d+ from proxy|CONNECT tunnel failed|resolve proxy|Invalid response from proxy|Could not connect to .*proxy/i,
    message: 'the proxy of this Mac refused the guest',
    hint: 'http_proxy, https_proxy and no_proxy of this shell hold for the guest too.',
  },
  {
    pattern:
      /certificate verif|certificate is NOT trusted|local issuer certificate|self[- ]signed certificate|issuer is unknown|curl: \((60|77)\)/i,
    message: 'the guest does not trust the certificate that it was shown',
    hint: "Software that looks into TLS needs its own CA in the guest: put it into /usr/local/share/ca-certificates there, then run 'sudo update-ca-certificates'.",
  },
  {
    pattern: /(?:Temporary failure resolving|Could not resolve(?: host:?)?) ?[‘'"]?([\w.-]+)/,
    message: 'the guest cannot find the address of $1',
    hint: NETWORK,
  },
  { pattern: /(?:Could not connect to|Failed to connect to) ([\w.-]+)/, message: 'the guest cannot reach $1', hint: NETWORK },
  { pattern: /Network is unreachable|Connection timed out|curl: \((6|7|28)\)/, message: 'the guest has no way out', hint: NETWORK },
  {
    pattern: /curl: \((18|35|52|56|92)\)|Connection reset by peer|TLS connection was non-properly terminated/,
    message: 'the connection to the server was cut',
    hint: NETWORK,
  },
  {
    pattern: /requested URL returned error: (5\d\d|429)\b/,
    message: 'the server answered with HTTP $1',
    hint: 'Wait some minutes.',
  },
  {
    pattern: /requested URL returned error: (\d+)/,
    message: 'the server answered with HTTP $1',
    hint: 'A proxy or firewall may have answered in its place, or the file has moved.',
  },
  {
    pattern: /^[EW]: Failed to fetch \S+ +(5\d\d|429) /,
    message: 'the package mirror answered with HTTP $1',
    hint: 'Wait some minutes.',
  },
  {
    pattern: /^[EW]: Failed to fetch \S+ +404 |Unable to fetch some archives/,
    message: 'the package mirror has newer packages than the lists in the guest name',
    hint: 'Going on reads the lists anew.',
  },
  {
    pattern: /sudo: .*password is required|sudo: a terminal is required|is not in the sudoers file|may not run sudo/,
    message: 'the user in the guest may not use sudo without a password',
    hint: "Allow it in the guest, by a file in /etc/sudoers.d: '<username> ALL=(ALL) NOPASSWD: ALL'.",
  },
  {
    pattern: /Read-only file system/,
    message: "the guest's disk is read-only",
    hint: 'After errors Linux mounts it so: start the guest anew, which checks it.',
  },
  {
    pattern: /Cannot allocate memory|Out of memory|^Killed$/,
    message: 'the guest has run out of memory',
    hint: 'Start over with a larger --memory.',
  },
  {
    pattern: /Unmet dependencies|have unmet dependencies|held broken packages/i,
    message: 'the packages in the guest do not fit together',
    hint: 'Look at them in the guest: sudo apt-get --fix-broken install',
  },
  {
    pattern: /curl: (?:command )?not found/,
    message: 'the guest has no curl',
    hint: "Install it in the guest with 'sudo apt-get install curl'.",
  },
  { pattern: /Unsupported distribution '([\w.-]+)'/, message: "Docker's installer does not know the system of the guest ($1)" },
  {
    pattern: /Hash Sum mismatch|File has unexpected size/,
    message: 'the package mirror is being updated',
    hint: 'Wait some minutes.',
  },
  {
    pattern: /Could not get lock|has held the lock for|locked by another process/,
    message: 'another package manager does not end in the guest',
  },
  {
    pattern: /EXPKEYSIG|NO_PUBKEY|signatures (couldn't be verified|were invalid)|is not signed/,
    message: 'a package repository is not signed by a key that the guest knows',
    hint: 'Renew its key in the guest, or remove the repository from /etc/apt/sources.list.d there.',
  },
  {
    pattern: /The repository '([^' ]+).*does not have a Release file|The repository '([^' ]+).*no longer has a Release file/,
    message: 'the package repository $1$2 has nothing for this release',
    hint: 'Remove it from /etc/apt in the guest if it is not needed.',
  },
  {
    pattern: /Malformed entry|list of sources could not be read/,
    message: "the guest's list of package repositories is broken",
    hint: 'Mend it in /etc/apt of the guest.',
  },
  {
    pattern: /Unable to locate package|has no installation candidate/,
    message: 'this release lacks one of the packages',
    hint: "'rusta versions' lists the releases that there are.",
  },
  {
    pattern: /docker command already, and it belongs to the snap/,
    message: 'the guest has the snap of Docker, which has no docker.service',
    hint: "Remove it in the guest with 'sudo snap remove docker'.",
  },
  {
    pattern: /docker command already, and it belongs to (.+)$/,
    message: 'the guest has a docker command of $1',
    hint: 'Remove it in the guest: a second engine beside it would have other images.',
  },
];

/** Explains a failed installation in one phrase: of its known lines, the last says most. */
export function explainInstallation(lines: readonly string[]): Explanation | undefined {
  for (const line of lines.toReversed()) {
    const known = explain(KNOWN, line);
    if (known !== undefined) return known;
  }
  return undefined;
}
