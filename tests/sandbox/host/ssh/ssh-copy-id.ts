import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, out } from '../../standin/io.ts';
import type { Program } from '../../standin/programs.ts';
import { parseSsh, resolveTarget } from './ssh-options.ts';
import { logIn, opens } from './sshd.ts';

export const sshCopyId: Program = async (context) => {
  const line = parseSsh(context.args);
  const [identity = join(process.env['HOME'] ?? '/', '.ssh/id_ed25519')] = line.identities;
  const file = identity.endsWith('.pub') ? identity : `${identity}.pub`;
  if (!existsSync(file)) {
    err(`/usr/bin/ssh-copy-id: ERROR: failed to open ID file '${file}': No such file or directory`);
    return 1;
  }
  // It logs in with a password: the key in question must not be what opens the door.
  const target = resolveTarget({ ...line, identities: [] }, line.destination);
  const { connection, home } = await logIn(context, target);
  connection.close();
  const key = readFileSync(file, 'utf8').trim();
  const authorized = join(home, '.ssh/authorized_keys');
  if (existsSync(authorized) && readFileSync(authorized, 'utf8').split('\n').includes(key)) {
    // It tries the key to find out: one that would ask for its passphrase asks here.
    await opens(file.replace(/\.pub$/, ''), target);
    err('/usr/bin/ssh-copy-id: WARNING: All keys were skipped because they already exist on the remote system.');
    return 0;
  }
  mkdirSync(join(home, '.ssh'), { recursive: true, mode: 0o700 });
  appendFileSync(authorized, `${key}\n`);
  chmodSync(authorized, 0o600);
  out('\nNumber of key(s) added:        1\n');
  return 0;
};
