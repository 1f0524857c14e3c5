import type { Item } from '../run.ts';

const COMMANDS = 'up down create delete list versions source image default ip ssh docker-setup ssh-copy'.split(' ');

export const help: readonly Item[] = [
  {
    number: 1,
    title: 'rusta without arguments prints the top-level help',
    async run(w) {
      w.says(await w.rusta([]), 'Usage: rusta <command>');
    },
  },
  {
    number: 2,
    title: '--help explains rusta and every command',
    async run(w) {
      w.says(await w.rusta(['--help']), 'Usage: rusta <command>');
      for (const command of COMMANDS) w.says(await w.rusta([command, '--help']), `Usage: rusta ${command}`);
    },
  },
  {
    number: 3,
    title: 'versions lists the tags of ghcr.io, with 24.04 as the default',
    async run(w) {
      w.says(await w.rusta(['versions']), /^24\.04 +\(default\)/m);
      w.says(await w.rusta(['versions', '--image', 'ubuntu']), /^\d+\.\d+$/m);
    },
  },
];
