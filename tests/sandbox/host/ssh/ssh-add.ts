import { err, out } from '../../standin/io.ts';
import type { Program } from '../../standin/programs.ts';
import { heldKeys } from './keys.ts';

/** `ssh-add -L` alone: what the agent holds. */
export const sshAdd: Program = () => {
  const held = heldKeys();
  if (held === undefined) {
    err('Could not open a connection to your authentication agent.');
    return 2;
  }
  out(held.length === 0 ? 'The agent has no identities.' : held.join('\n'));
  return held.length === 0 ? 1 : 0;
};
