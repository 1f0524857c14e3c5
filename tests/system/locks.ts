import type { Mac } from '../sandbox/mac.ts';
import { inGuest } from './guest.ts';

/** As apt does: a lock of the POSIX kind on the whole file. (struct flock of 64-bit Linux) */
const TAKE = 'open F, ">>", $ARGV[0] or die; my $lock = pack "s s x4 q q l x4", 1, 0, 0, 0, 0; fcntl F, 6, $lock or die';
/** As debconf does. */
const TAKE_BSD = 'open F, ">>", $ARGV[0] or die; flock F, 6 or die';

const background = (script: string, path: string, held: string) =>
  `setsid perl -e '${script}; open H, ">", "${held}"; close H; sleep 0.1 while -e "${held}"' ${path} > /dev/null 2>&1 < /dev/null &
until [ -e ${held} ]; do sleep 0.05; done
`.replace('sleep 0.1', 'select undef, undef, undef, 0.1');

/** Takes a lock of apt's in the running VM and holds it until `release` is called. */
export async function holdLock(mac: Mac, vm: string, path: string): Promise<{ release(): Promise<void> }> {
  const held = '/run/test-lock';
  await inGuest(mac, vm, background(TAKE, path, held));
  return { release: async () => void (await inGuest(mac, vm, `rm ${held}`)) };
}

/**
 * A program to be planted before the real one: at its first call with this word somebody else takes the lock, after whoever
 * called it has looked and before the real program does, and holds it for some seconds.
 */
export function raceFor(program: string, word: string, path: string, kind: 'posix' | 'bsd' = 'posix'): string {
  return `#!/bin/bash
if [ ! -e /run/raced ] && [[ " $* " == *" ${word}"* ]]; then
  touch /run/raced
  ${background(kind === 'posix' ? TAKE : TAKE_BSD, path, '/run/held')}
  (sleep 4; rm /run/held) > /dev/null 2>&1 < /dev/null &
fi
exec ${program} "$@"
`;
}
