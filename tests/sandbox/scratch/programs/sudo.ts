import { become, ownEnvironment } from '../../standin/exec.ts';
import { err } from '../../standin/io.ts';
import type { Program } from '../../standin/programs.ts';
import { guestPlace, homeOf, placeEnvironment, throughShell } from '../environment.ts';
import { mapWord } from '../mapping.ts';

const KEPT = ['LANG', 'LC_ALL', 'TERM', 'COLORTERM', 'DISPLAY'];

/** sudo without a password, with Ubuntu's env_reset: what the caller exported does not pass, unless -E or NAME=value says so. */
export const sudo: Program = ({ args }) => {
  const place = guestPlace();
  let user = 'root';
  let keepAll = false;
  let at = 0;
  for (; args[at]?.startsWith('-'); at++) {
    const word = args[at] ?? '';
    if (word === '--') {
      at++;
      break;
    }
    if (word === '-u' || word === '--user') user = args[++at] ?? user;
    else if (word.startsWith('--user=')) user = word.slice('--user='.length);
    else if (word === '-g' || word === '-p') at++;
    else if (word === '-E' || word === '--preserve-env') keepAll = true;
  }
  const given: Record<string, string> = {};
  for (let match = assignment(args[at]); match; match = assignment(args[++at])) given[match.name] = mapWord(match.value, place);
  const command = args.slice(at);
  if (command.length === 0) return 0;
  const old = ownEnvironment();
  const kept = keepAll ? old : Object.fromEntries(KEPT.flatMap((name) => (old[name] === undefined ? [] : [[name, old[name]]])));
  const identity = { HOME: homeOf(place.root, user), USER: user, LOGNAME: user, SUDO_USER: old['USER'] ?? 'admin' };
  const env: Record<string, string> = { ...kept, ...identity, ...placeEnvironment(place), ...given };
  become(
    throughShell(
      command.map((word) => mapWord(word, place)),
      place,
    ),
    env,
  );
  err(`sudo: ${command[0]}: command not found`);
  return 1;
};

function assignment(word: string | undefined): { name: string; value: string } | undefined {
  const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word ?? '') ?? [];
  return name === undefined || value === undefined ? undefined : { name, value };
}
