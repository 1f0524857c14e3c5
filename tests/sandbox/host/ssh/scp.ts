import { cpSync, existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { mapWord } from '../../scratch/mapping.ts';
import { ownTools } from '../../scratch/tools.ts';
import type { Context } from '../../standin/context.ts';
import { err } from '../../standin/io.ts';
import type { Program } from '../../standin/programs.ts';
import { recordEvent } from '../../standin/record.ts';
import { parseSsh, resolveTarget, type SshCommandLine } from './ssh-options.ts';
import { logIn } from './sshd.ts';

interface Place {
  readonly path: string;
  readonly isRemote: boolean;
}

export const scp: Program = async (context) => {
  const line = parseSsh(context.args, 'preserve');
  const words = [line.destination, ...line.rest];
  const places: Place[] = [];
  for (const word of words) places.push(await placeOf(context, line, word));
  const target = places.pop();
  if (!target || places.length === 0) {
    err('usage: scp [-346ABCOpqRrsTv] source ... target');
    return 1;
  }
  for (const source of places) {
    if (!existsSync(source.path)) {
      err(`scp: stat local "${source.path}": No such file or directory`);
      return 1;
    }
    const isFolder = statSync(target.path, { throwIfNoEntry: false })?.isDirectory() === true;
    const to = isFolder ? join(target.path, basename(source.path)) : target.path;
    if (!isFolder && (target.path.endsWith('/') || !existsSync(join(to, '..')))) {
      err(`scp: dest open "${to}": No such file or directory`);
      return 1;
    }
    cpSync(source.path, to, { recursive: line.flags.has('r') });
    if (target.isRemote) recordEvent(context.root, 'upload', '', { path: to, size: statSync(to).size });
  }
  return 0;
};

async function placeOf(context: Context, line: SshCommandLine, word: string): Promise<Place> {
  const [, destination, path] = /^([^/:]+):(.*)$/.exec(word) ?? [];
  if (destination === undefined || path === undefined) return { path: word, isRemote: false };
  const { connection, root, home } = await logIn(context, resolveTarget(line, destination));
  connection.close();
  const full = path.startsWith('/') ? mapWord(path, { root, tools: ownTools() }) : join(home, path.replace(/^~\/?/, ''));
  return { path: full, isRemote: true };
}
