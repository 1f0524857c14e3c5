import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { become, ownEnvironment } from '../../standin/exec.ts';
import { err, isTerminal, readInput } from '../../standin/io.ts';
import type { Program } from '../../standin/programs.ts';
import { guestPlace } from '../environment.ts';
import { type Mapping, mapText } from '../mapping.ts';

/** bash and sh of the guest: the real ones, fed with mapped text. Files in the guest stay as they were written. */
export const shell: Program = async ({ program, args }) => {
  const place = guestPlace();
  const name = program.slice('guest:'.length);
  const real = Bun.which(name, { PATH: '/bin:/usr/bin:/usr/local/bin:/opt/homebrew/bin' }) ?? '/bin/sh';
  // The host's profile would bring the host's PATH back.
  const quiet = name === 'bash' ? ['--noprofile', '--norc'] : [];
  const { options, command, rest, lacksCommand } = parse(args);
  const run = (words: readonly string[]) => {
    become([real, ...quiet, ...options, ...words], { PS1: `${process.env['USER']}@ubuntu:~$ `, ...ownEnvironment() }, name);
    return 127;
  };
  if (command !== undefined) return run(['-c', '--', mapText(command, place), ...rest]);
  if (lacksCommand) return run(['-c']);
  const [file, ...words] = rest;
  if (file !== undefined && !options.includes('-s')) return runFile(file, words, place, run, name);
  if (await isTerminal(0)) return run(['-i']);
  options.splice(0, options.length, ...options.filter((option) => option !== '-s'));
  return run([mappedCopy(place, `stdin-${process.pid}`, new TextDecoder().decode(readInput())), ...rest]);
};

function runFile(file: string, words: readonly string[], place: Mapping, run: (words: readonly string[]) => number, name: string): number {
  try {
    const text = readFileSync(file, 'utf8');
    return run([mappedCopy(place, relative(place.root, resolve(file)), text), ...words]);
  } catch {
    err(`${name}: ${file}: No such file or directory`);
    return 127;
  }
}

/** Where bash gets the mapped text: a twin under .mapped/ with the same name, for its error messages. */
function mappedCopy(place: Mapping, path: string, text: string): string {
  const twin = join(place.root, '.mapped', dirname(path).replaceAll('..', '_'), basename(path));
  mkdirSync(dirname(twin), { recursive: true });
  writeFileSync(twin, mapText(text, place));
  return twin;
}

interface ShellCall {
  readonly options: string[];
  readonly command?: string;
  readonly rest: string[];
  /** -c with nothing behind it */
  readonly lacksCommand: boolean;
}

function parse(args: readonly string[]): ShellCall {
  const options: string[] = [];
  let hasCommand = false;
  let at = 0;
  for (; at < args.length; at++) {
    const word = args[at] ?? '';
    if (word === '--' || word === '-') {
      at++;
      break;
    }
    if (!/^[-+]/.test(word)) break;
    if (word === '--login') continue;
    hasCommand ||= /^-[a-z]*c/.test(word);
    const plain = word.startsWith('--') ? word : word.replace(/[cl]/g, '');
    if (plain.length > 1) options.push(plain);
    if (/^[-+][a-z]*[oO]$/.test(word)) options.push(args[++at] ?? '');
  }
  const rest = args.slice(at);
  const [command, ...words] = rest;
  if (!hasCommand) return { options, rest, lacksCommand: false };
  return command === undefined ? { options, rest, lacksCommand: true } : { options, command, rest: words, lacksCommand: false };
}
