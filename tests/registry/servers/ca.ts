/**
 * A certificate authority that only the tests trust, and what it signs.
 *
 * openssl's command line makes them: it is on every macOS (as LibreSSL) and Debian, and neither Bun nor Node can sign
 * certificates. Only options that both know are used, hence the config files where OpenSSL alone would take `-addext`.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface KeyPair {
  /** PEM, the leaf alone. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
}

export interface TestCa {
  /** PEM. */
  readonly ca: string;
  /**
   * For `ghcr.io`, `get.docker.com`, `localhost` and 127.0.0.1: one certificate serves the front, the registry behind it, token
   * signing, and the page with the installer of Docker.
   */
  readonly server: KeyPair;
  /** For `ghcr.io` too, but signed by an authority that nobody trusts. */
  readonly untrusted: KeyPair;
  /** Signed by the trusted authority, for `elsewhere.test` only. */
  readonly otherHost: KeyPair;
}

const CONFIG = `
[req]
distinguished_name = dn
prompt = no
[dn]
CN = rusta test
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign, digitalSignature
subjectKeyIdentifier = hash
[server]
basicConstraints = CA:false
extendedKeyUsage = serverAuth
subjectAltName = DNS:ghcr.io, DNS:get.docker.com, DNS:localhost, IP:127.0.0.1
[other]
basicConstraints = CA:false
extendedKeyUsage = serverAuth
subjectAltName = DNS:elsewhere.test
`;

async function openssl(folder: string, ...args: readonly string[]): Promise<void> {
  const child = Bun.spawn(['openssl', ...args], { cwd: folder, stdin: 'ignore', stdout: 'ignore', stderr: 'pipe' });
  const said = await child.stderr.text();
  if ((await child.exited) !== 0) throw new Error(`openssl ${args.join(' ')}: ${said}`);
}

async function makeKey(folder: string, name: string): Promise<void> {
  await openssl(folder, 'ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`);
}

async function makeAuthority(folder: string, name: string): Promise<void> {
  await makeKey(folder, name);
  const subject = `/CN=rusta test authority ${name}`;
  await openssl(
    folder,
    ...['req', '-x509', '-new', '-sha256', '-days', '2', '-config', 'openssl.cnf', '-extensions', 'authority'],
    ...['-subj', subject, '-key', `${name}.key`, '-out', `${name}.pem`],
  );
}

async function makeLeaf(folder: string, authority: string, name: string, section: 'server' | 'other', serial: number): Promise<KeyPair> {
  await makeKey(folder, name);
  const request = ['req', '-new', '-sha256', '-config', 'openssl.cnf', '-key', `${name}.key`, '-out', `${name}.csr`];
  await openssl(folder, ...request);
  await openssl(
    folder,
    ...['x509', '-req', '-sha256', '-days', '2', '-in', `${name}.csr`, '-CA', `${authority}.pem`, '-CAkey', `${authority}.key`],
    ...['-set_serial', `${serial}`, '-extfile', 'openssl.cnf', '-extensions', section, '-out', `${name}.pem`],
  );
  return { cert: await readFile(join(folder, `${name}.pem`), 'utf8'), key: await readFile(join(folder, `${name}.key`), 'utf8') };
}

async function makeIn(folder: string): Promise<TestCa> {
  await writeFile(join(folder, 'openssl.cnf'), CONFIG);
  await Promise.all([makeAuthority(folder, 'trusted'), makeAuthority(folder, 'stranger')]);
  const [server, untrusted, otherHost] = await Promise.all([
    makeLeaf(folder, 'trusted', 'server', 'server', 1),
    makeLeaf(folder, 'stranger', 'untrusted', 'server', 2),
    makeLeaf(folder, 'trusted', 'elsewhere', 'other', 3),
  ]);
  return { ca: await readFile(join(folder, 'trusted.pem'), 'utf8'), server, untrusted, otherHost };
}

async function make(): Promise<TestCa> {
  const folder = await mkdtemp(join(tmpdir(), 'rusta-ca-'));
  try {
    return await makeIn(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

let made: Promise<TestCa> | undefined;

/**
 * Made once in a process (about 80 ms) and kept in memory: `bun test` runs no exit handlers that could remove files,
 * so whoever needs a file writes one of its own and removes it.
 */
export function testCa(): Promise<TestCa> {
  made ??= make();
  return made;
}
