import type { Libc } from './libc.ts';

/** Same numbers on macOS and Linux. */
const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 } as const;
export type IgnorableSignal = Exclude<keyof typeof NUMBERS, 'SIGQUIT'>;

/** `sa_handler` comes first in `struct sigaction` on both systems, and SIG_IGN is 1; the struct has less than 160 bytes. */
const STRUCT_BYTES = 160;
const SIG_IGN = 1n;

/**
 * Finds the stop signals that rusta was started to ignore (HUP by `nohup`, INT for a background job of a script), and makes sure that
 * they are ignored. Must be called before any handler is set, because a handler would undo it. Where a standard stream is a terminal, Bun
 * has set handlers for INT and TERM by now (1.4.5). A background job of a script is recognized all the same: it ignores QUIT too, and its
 * stdin is not the terminal. That TERM was ignored on a terminal cannot be seen.
 */
export function keepIgnoredSignals(libc: Pick<Libc, 'sigaction' | 'isatty'>): IgnorableSignal[] {
  const isIgnored = (name: keyof typeof NUMBERS) => {
    const action = new DataView(new ArrayBuffer(STRUCT_BYTES));
    return libc.sigaction(NUMBERS[name], null, new Uint8Array(action.buffer)) === 0 && action.getBigUint64(0, true) === SIG_IGN;
  };
  const isBackgroundJob = () => isIgnored('SIGQUIT') && libc.isatty(0) !== 1;
  const names: readonly IgnorableSignal[] = ['SIGHUP', 'SIGINT', 'SIGTERM'];
  const ignored = names.filter((name) => isIgnored(name) || (name === 'SIGINT' && isBackgroundJob()));
  for (const name of ignored) {
    const action = new DataView(new ArrayBuffer(STRUCT_BYTES));
    action.setBigUint64(0, SIG_IGN, true);
    libc.sigaction(NUMBERS[name], new Uint8Array(action.buffer), null);
  }
  return ignored;
}

/**
 * Returns the arguments of a shell that ignores the signals and then becomes the program. Bun gives every program that it starts the
 * default handling of all signals, so a program under `nohup` would lose its protection.
 */
export function startIgnoring(ignored: readonly IgnorableSignal[], argv: readonly string[]): string[] {
  if (ignored.length === 0) return [...argv];
  const names = ignored.map((name) => name.slice('SIG'.length)).join(' ');
  return ['/bin/sh', '-c', `trap '' ${names}; exec "$@"`, 'sh', ...argv];
}
