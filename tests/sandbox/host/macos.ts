import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { err, out } from '../standin/io.ts';
import type { Program } from '../standin/programs.ts';
import { lockOwner } from '../tart/store/locks.ts';

export const swVers: Program = ({ args, knobs }) => {
  const { version } = knobs().macos;
  out(args[0] === '-productVersion' ? version : `ProductName:\t\tmacOS\nProductVersion:\t\t${version}\nBuildVersion:\t\t24G419`);
  return 0;
};

export const sysctl: Program = ({ args, knobs }) => {
  const name = args.find((word) => !word.startsWith('-')) ?? '';
  if (name !== 'kern.hv_support') {
    err(`sysctl: unknown oid '${name}'`);
    return 1;
  }
  const { virtualization } = knobs().macos;
  out(args.includes('-n') ? String(virtualization) : `${name}: ${virtualization}`);
  return 0;
};

export const launchctl: Program = ({ args, knobs }) => {
  if (args[0] !== 'managername') return 64;
  out(knobs().macos.session);
  return 0;
};

/** At the desktop a locked keychain opens a dialog, and `security` stands until somebody answers: nobody does here. */
export const security: Program = async ({ args, knobs }) => {
  const [verb, keychain = ''] = args;
  if (verb !== 'show-keychain-info') return 2;
  const { keychain: state, session } = knobs().macos;
  if (state === 'locked' && session === 'Aqua') await new Promise(() => setInterval(() => {}, 1 << 30));
  if (state === 'unlocked') {
    err(`Keychain "${keychain}" no-timeout`);
    return 0;
  }
  const reason = state === 'locked' ? 'User interaction is not allowed.' : 'The specified keychain could not be found.';
  err(`security: SecKeychainCopySettings ${keychain}: ${reason}`);
  return state === 'locked' ? 36 : 50;
};

export const route: Program = ({ args, knobs }) => {
  const address = args.at(-1) ?? '';
  out(
    `   route to: ${address}\ndestination: ${address}\n  interface: ${knobs().macos.route}\n      flags: <UP,HOST,DONE,LLINFO,WASCLONED,IFSCOPE,IFREF>`,
  );
  return 0;
};

/** Knows one file: the `config.json` of a VM, which is open as long as that runs. */
export const lsof: Program = ({ args }) => {
  const pid = lockOwner(dirname(args.at(-1) ?? ''));
  if (args[0] !== '-t' || pid === 0) return 1;
  out(String(pid));
  return 0;
};

export const df: Program = ({ args, knobs }) => {
  const path = args.find((word) => !word.startsWith('-')) ?? '/';
  if (!existsSync(path)) {
    err(`df: ${path}: No such file or directory`);
    return 1;
  }
  const free = Math.round((knobs().macos.freeGb * 1e9) / 1024);
  out(
    `Filesystem   1024-blocks Used Available Capacity  Mounted on\n/dev/disk3s5 971350180 400000000 ${free}    42%    /System/Volumes/Data`,
  );
  return 0;
};
