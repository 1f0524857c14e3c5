import { existsSync, readFileSync } from 'node:fs';

/** How the body of an OpenSSH private key begins: its magic word, then the cipher, `none` or `aes256-ctr`. */
export const BARE = 'b3BlbnNzaC1rZXktdjEAAAAABG5vbmU';
export const ENCRYPTED = 'b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHI';

export function isEncrypted(file: string): boolean {
  return existsSync(file) && readFileSync(file, 'utf8').includes(`\n${ENCRYPTED}`);
}

/** What the agent holds, a public key a line: the double of an agent is a file where its socket should be. */
export function heldKeys(): readonly string[] | undefined {
  const socket = process.env['SSH_AUTH_SOCK'];
  if (!socket || !existsSync(socket)) return undefined;
  return readFileSync(socket, 'utf8').split('\n').filter(Boolean);
}

/** Type and key, without the comment. */
export const withoutComment = (line: string) => line.trim().split(/\s+/).slice(0, 2).join(' ');
