/** Tokens as docker-registry takes them: a JWT (ES256) whose `x5c` leads to the `rootcertbundle`. */
import { sign, X509Certificate } from 'node:crypto';
import { SERVICE } from './answers.ts';
import type { KeyPair } from './ca.ts';

export const ISSUER = 'rusta-test-tokens';

const LIFETIME_SECONDS = 300;

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

export function makeToken(pair: KeyPair, repository: string, actions: readonly ('pull' | 'push' | 'delete')[]): string {
  const now = Math.floor(Date.now() / 1000);
  const certificate = new X509Certificate(pair.cert).raw.toString('base64');
  const claims = {
    ...{ iss: ISSUER, aud: SERVICE, sub: '', jti: crypto.randomUUID(), iat: now, nbf: now - 10, exp: now + LIFETIME_SECONDS },
    access: [{ type: 'repository', name: repository, actions }],
  };
  const signed = `${part({ typ: 'JWT', alg: 'ES256', x5c: [certificate] })}.${part(claims)}`;
  // JOSE wants the two numbers of the signature side by side, not in DER.
  const signature = sign('sha256', Buffer.from(signed), { key: pair.key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}
