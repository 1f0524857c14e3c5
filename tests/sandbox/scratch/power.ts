import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { behaviorOf } from '../knobs.ts';
import type { Context } from '../standin/context.ts';
import { hang, out } from '../standin/io.ts';
import type { Program } from '../standin/programs.ts';
import { guestPlace } from './environment.ts';

export const powerOff: Program = async (context) => {
  const { vm, machinePid } = guestPlace();
  const behavior = behaviorOf(context.knobs(), vm);
  if (behavior.ignoresShutdown || context.args.includes('-c')) return 0;
  process.kill(machinePid, 'SIGUSR2');
  return behavior.shutdownReturns ? 0 : await hang();
};

/** Units exist if a package brought them; the rest of systemd says yes. */
export const systemctl: Program = async (context: Context) => {
  const words = context.args.filter((word) => !word.startsWith('-'));
  const [verb, unit = ''] = words;
  if (verb === 'poweroff' || verb === 'halt') return await powerOff(context);
  if (verb === 'is-system-running') out('running');
  if (verb === 'get-default') out('multi-user.target');
  if (verb === 'is-active' || verb === 'is-enabled') return answer(verb, unit);
  return 0;
};

function answer(verb: string, unit: string): number {
  const { root } = guestPlace();
  const isDocker = unit.startsWith('docker');
  const there = !isDocker || existsSync(join(root, 'usr/local/bin/docker'));
  const words = verb === 'is-active' ? ['active', 'inactive'] : ['enabled', 'disabled'];
  out((there ? words[0] : words[1]) ?? '');
  const inactive = 3;
  return there ? 0 : inactive;
}
