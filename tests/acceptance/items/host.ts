import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Item } from '../run.ts';
import { lab } from '../vms.ts';
import type { World } from '../world.ts';
import { UNKNOWN } from './query.ts';

export const host: readonly Item[] = [
  {
    number: 26,
    title: '--verbose shows every program that is run',
    async run(w) {
      w.says(await w.rusta(['--verbose', 'list']), '+ tart list');
      w.says(await w.rusta(['list', '--verbose']), '+ tart list');
    },
  },
  {
    number: 27,
    title: '--log keeps all that is printed, errors too',
    async run(w) {
      const log = join(w.place.folder, 'files', 'x.log');
      const steps = [await w.rusta(['--log', log, 'list']), await w.rusta(['--log', log, 'ip', UNKNOWN], 2)];
      const kept = readFileSync(log, 'utf8');
      for (const { stdout, stderr } of steps)
        w.check('standard output and error are in the log', kept.includes(stdout) && kept.includes(stderr));
    },
  },
  {
    number: 28,
    title: 'a host that is not arm64 is refused before any Tart call',
    async run(w) {
      w.note("The host is not arm64 because a 'uname' before the real one on PATH says x86_64.");
      const { folder, called } = programs(w, 'x86', 'echo x86_64');
      const env = { PATH: `${folder}:${w.place.env['PATH']}` };
      for (const args of [['list'], ['up'], ['create', w.name('x86')], ['delete', w.name('x86'), '--yes']]) {
        w.says(await w.rusta(args, 1, env), 'Apple Silicon');
      }
      w.check('tart was never started', !called());
    },
  },
  {
    number: 29,
    title: 'without brew it ends with 1',
    async run(w) {
      w.note("There is no brew because PATH is a folder with 'uname' and 'tart' alone, and HOMEBREW_PREFIX leads to where nothing is.");
      const uname = Bun.which('uname', { PATH: w.place.env['PATH'] ?? '' });
      const { folder, called } = programs(w, 'no-brew', `exec '${uname}' "$@"`);
      w.says(await w.rusta(['list'], 1, { PATH: folder, HOMEBREW_PREFIX: join(folder, 'nothing') }), 'Homebrew');
      w.check('tart was never started', !called());
    },
  },
  {
    number: 30,
    title: 'an unknown VM ends with 2 and is named',
    async run(w) {
      await lab(w);
      for (const [command = '', ...flags] of [['up'], ['down'], ['ip'], ['ssh'], ['ssh-copy'], ['default'], ['delete', '--yes']]) {
        w.says(await w.rusta([command, UNKNOWN, ...flags], 2), `VM '${UNKNOWN}' not found`);
      }
    },
  },
];

/** A folder for PATH with this `uname`, and a `tart` that leaves a trace. */
function programs(w: World, name: string, uname: string): { readonly folder: string; called(): boolean } {
  const [folder, trace] = [join(w.place.folder, 'files', name), join(w.place.folder, 'files', `${name}-tart-was-called`)];
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'uname'), `#!/bin/sh\n${uname}\n`, { mode: 0o755 });
  writeFileSync(join(folder, 'tart'), `#!/bin/sh\n: > '${trace}'\n`, { mode: 0o755 });
  return { folder, called: () => existsSync(trace) };
}
