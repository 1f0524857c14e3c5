import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, out } from '../../standin/io.ts';
import type { Program } from '../../standin/programs.ts';
import { accounts, guestPlace } from '../environment.ts';

const me = () => process.env['USER'] ?? 'admin';

/** Somebody holds the file if a test put `<file>.held` beside it. */
export const fuser: Program = ({ args }) => {
  const held = args.filter((word) => !word.startsWith('-')).find((path) => existsSync(`${path}.held`));
  if (held === undefined) return 1;
  out(`${held}: 4242`);
  return 0;
};

function groupsOf(user: string): string[] {
  const { root } = guestPlace();
  const isIn = ([name, , , members = '']: string[]) => name === user || members.split(',').includes(user);
  return accounts(root, 'group')
    .filter(isIn)
    .map(([name = '']) => name)
    .sort((a, b) => Number(b === user) - Number(a === user));
}

export const id: Program = ({ args }) => {
  const { root } = guestPlace();
  const user = args.find((word) => !word.startsWith('-')) ?? me();
  const [, , uid, gid] = accounts(root, 'passwd').find(([name]) => name === user) ?? [];
  if (uid === undefined || gid === undefined) {
    err(`id: ‘${user}’: no such user`);
    return 1;
  }
  const option = args.find((word) => word.startsWith('-'));
  const names = groupsOf(user);
  const answers: Record<string, string> = {
    '-u': uid,
    '-g': gid,
    '-un': user,
    '-gn': user,
    '-nG': names.join(' '),
    '-Gn': names.join(' '),
  };
  out(answers[option ?? ''] ?? `uid=${uid}(${user}) gid=${gid}(${user}) groups=${names.join(',')}`);
  return 0;
};

export const whoami: Program = () => {
  out(me());
  return 0;
};

export const groups: Program = ({ args }) => {
  out(groupsOf(args[0] ?? me()).join(' '));
  return 0;
};

/** Home folders come out as they are on the host, so that what is built from them stays inside. */
export const getent: Program = ({ args }) => {
  const { root } = guestPlace();
  const [database = '', key] = args;
  if (database !== 'passwd' && database !== 'group') return 2;
  const found = accounts(root, database).filter(([name, , number]) => key === undefined || name === key || number === key);
  for (const fields of found) {
    out(fields.map((field, at) => (database === 'passwd' && at === 5 ? `${root}${field}` : field)).join(':'));
  }
  return found.length > 0 ? 0 : 2;
};

/** `usermod -aG group user`; makes the group if need be. */
export const usermod: Program = ({ args }) => {
  const { root } = guestPlace();
  const [group = '', user = ''] = args.filter((word) => !word.startsWith('-'));
  const known = accounts(root, 'group');
  const lines = known.some(([name]) => name === group) ? known : [...known, [group, 'x', '999', '']];
  const changed = lines.map(([name = '', x = 'x', number = '', members = '']) => {
    const all = members.split(',').filter(Boolean);
    return [name, x, number, name === group && !all.includes(user) ? [...all, user].join(',') : members].join(':');
  });
  writeFileSync(join(root, 'etc/group'), `${changed.join('\n')}\n`);
  return 0;
};
