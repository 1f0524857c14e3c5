import { existsSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { behaviorOf } from '../../knobs.ts';
import type { Context } from '../../standin/context.ts';
import { hang, out } from '../../standin/io.ts';
import type { Program } from '../../standin/programs.ts';
import { guestPlace } from '../environment.ts';

export const powerOff: Program = async (context) => {
  const { vm, machinePid } = guestPlace();
  const behavior = behaviorOf(context.knobs(), vm);
  if (behavior.ignoresShutdown || context.args.includes('-c')) return 0;
  process.kill(machinePid, 'SIGUSR2');
  return behavior.shutdownReturns ? 0 : await hang();
};

const UNITS = 'etc/systemd/system';
/** Their units say `Alias=display-manager.service`. */
const DISPLAY_MANAGERS = ['gdm3.service', 'lightdm.service', 'sddm.service'];

/** Units exist if a package brought them; the rest of systemd says yes. */
export const systemctl: Program = async (context: Context) => {
  const words = context.args.filter((word) => !word.startsWith('-'));
  const [verb, unit = ''] = words;
  if (verb === 'poweroff' || verb === 'halt') return await powerOff(context);
  if (verb === 'is-system-running') out('running');
  if (verb === 'set-default') link('default.target', unit);
  if (verb === 'get-default') out(defaultTarget());
  if (verb === 'enable' && DISPLAY_MANAGERS.includes(unit)) link('display-manager.service', unit);
  if (verb === 'stop' && unit.startsWith('tart-guest-agent')) process.kill(guestPlace().machinePid, 'SIGUSR1');
  if (verb === 'is-active' || verb === 'is-enabled') return answer(verb, unit);
  return 0;
};

function link(name: string, unit: string): void {
  const path = join(guestPlace().root, UNITS, name);
  rmSync(path, { force: true });
  symlinkSync(`/usr/lib/systemd/system/${unit}`, path);
}

function defaultTarget(): string {
  try {
    return basename(readlinkSync(join(guestPlace().root, UNITS, 'default.target')));
  } catch {
    return 'multi-user.target';
  }
}

function answer(verb: string, unit: string): number {
  const { root } = guestPlace();
  const isDocker = unit.startsWith('docker');
  const there = !isDocker || existsSync(join(root, 'usr/local/bin/docker'));
  const words = verb === 'is-active' ? ['active', 'inactive'] : ['enabled', 'disabled'];
  out((there ? words[0] : words[1]) ?? '');
  const inactive = 3;
  return there ? 0 : inactive;
}
