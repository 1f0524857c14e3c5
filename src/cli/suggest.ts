import { closest } from '../text/closest.ts';

/** The names that other VM and container tools have for our commands. */
const PEERS: ReadonlyMap<string, string> = new Map([
  ['start', 'up'],
  ['boot', 'up'],
  ['stop', 'down'],
  ['halt', 'down'],
  ['shutdown', 'down'],
  ['poweroff', 'down'],
  ['ls', 'list'],
  ['ps', 'list'],
  ['status', 'list'],
  ['rm', 'delete'],
  ['remove', 'delete'],
  ['destroy', 'delete'],
  ['purge', 'delete'],
  ['shell', 'ssh'],
  ['exec', 'ssh'],
  ['launch', 'create'],
  ['new', 'create'],
  ['init', 'create'],
  ['clone', 'create'],
  ['use', 'default'],
  ['set-default', 'default'],
  ['completion', 'completions'],
  ['info', 'list'],
  ['show', 'list'],
  ['inspect', 'list'],
  ['reboot', 'restart'],
]);

const COPY = "Files go through 'rusta ssh': tar -c <folder> | rusta ssh <vm> -- tar -x";
const SHARE =
  "'rusta up <vm> --share <folder>' shows a folder of this Mac to a VM, 'rusta restart <vm> --share <folder>' to one that runs.";
const WINDOW = "'rusta up <vm> --graphical' opens its window, 'rusta logs <vm>' shows what it printed.";

/** Hints for commands of other tools that rusta has another way for. */
const OTHER_WAYS: ReadonlyMap<string, string> = new Map([
  ['cp', COPY],
  ['scp', COPY],
  ['copy', COPY],
  ['transfer', COPY],
  ['mount', SHARE],
  ['share', SHARE],
  ['console', WINDOW],
]);

/** Says how rusta does what the command of another tool does. */
export function otherWay(word: string): string | undefined {
  return OTHER_WAYS.get(word.toLowerCase());
}

/** The names that other tools have for the actions of our lists. */
const ACTION_PEERS: ReadonlyMap<string, string> = new Map([
  ['ls', 'list'],
  ['show', 'list'],
  ['remove', 'rm'],
  ['delete', 'rm'],
  ['mv', 'move'],
  ['new', 'add'],
]);

/** Guesses which action of `source` or `image` was meant. */
export function suggestAction(word: string, names: readonly string[]): string | undefined {
  return ACTION_PEERS.get(word.toLowerCase()) ?? closest(word, names);
}

/** Guesses which command a mistyped or foreign word was meant to be. */
export function suggestCommand(word: string, names: readonly string[]): string | undefined {
  return PEERS.get(word.toLowerCase()) ?? closest(word, names);
}
