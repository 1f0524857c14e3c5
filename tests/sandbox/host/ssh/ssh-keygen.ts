import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { err, out } from '../../standin/io.ts';
import type { Program } from '../../standin/programs.ts';
import { BARE, ENCRYPTED, isEncrypted } from './keys.ts';

/** Makes a pair that only the doubles believe in. */
export const sshKeygen: Program = ({ args }) => {
  const option = (name: string) => args[args.indexOf(name) + 1];
  if (args.includes('-R')) return 0;
  const file = args.includes('-f') ? option('-f') : undefined;
  if (file === undefined) {
    err('ssh-keygen: no file given');
    return 1;
  }
  if (args.includes('-y')) {
    if (isEncrypted(file)) {
      err(`Load key "${file}": incorrect passphrase supplied to decrypt private key`);
      return 255;
    }
    // The end of the body is what both halves of our pairs share.
    out(`ssh-ed25519 AAAA${readFileSync(file, 'utf8').split('\n')[1]?.replace(BARE, '')}`);
    return 0;
  }
  if (existsSync(file)) {
    out(`${file} already exists.\nOverwrite (y/n)? `);
    return 1;
  }
  const type = (args.includes('-t') ? option('-t') : undefined) ?? 'ed25519';
  const comment = (args.includes('-C') ? option('-C') : undefined) ?? 'me@mac';
  const body = crypto.randomUUID().replaceAll('-', '');
  const head = args.includes('-N') && option('-N') !== '' ? ENCRYPTED : BARE;
  writeFileSync(file, `-----BEGIN OPENSSH PRIVATE KEY-----\n${head}${body}\n-----END OPENSSH PRIVATE KEY-----\n`, { mode: 0o600 });
  writeFileSync(`${file}.pub`, `ssh-${type} AAAA${body} ${comment}\n`);
  return 0;
};
