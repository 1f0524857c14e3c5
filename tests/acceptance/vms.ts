/** The VMs that items share, and what can be seen of a VM from outside. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from './evidence.ts';
import type { World } from './world.ts';

const ours = (w: World, ...path: string[]) => join(w.place.home, '.local/share/rusta', ...path);

/** The Mac is the stand-in of tests/sandbox, whose guests answer at once. */
export const isPlayed = (w: World): boolean => w.place.env['SANDBOX'] !== undefined;

/** How the VM that most items work with was made. */
export const labCreated = (w: World): Promise<Step> => w.once('lab', () => w.rusta(['create', w.name('lab'), '--ssh-copy-keys']));

/** Its name; powered off, so that never two VMs run at once. */
export async function lab(w: World): Promise<string> {
  await labCreated(w);
  return w.name('lab');
}

export async function runningLab(w: World): Promise<string> {
  const vm = await lab(w);
  await w.rusta(['up', vm]);
  return vm;
}

export async function stoppedLab(w: World): Promise<string> {
  const vm = await lab(w);
  await w.rusta(['down', vm]);
  return vm;
}

/** A VM with a desktop; the first who asks chooses which. */
export async function gui(w: World, desktop = 'lightdm'): Promise<string> {
  await w.once('gui', () => w.rusta(['create', w.name('gui'), '--gui', desktop]));
  return w.name('gui');
}

/** A VM that is never booted. */
export async function blank(w: World, suffix: string): Promise<string> {
  await w.once(suffix, () => w.run(['tart', 'create', '--linux', '--disk-size', '1', w.name(suffix)]));
  return w.name(suffix);
}

export interface Facts {
  readonly CPU: number;
  readonly Memory: number;
  readonly Disk: number;
  readonly State: string;
}

export async function facts(w: World, vm: string): Promise<Facts> {
  return JSON.parse((await w.run(['tart', 'get', vm, '--format', 'json'])).stdout);
}

/** `tart list` shows it so. */
export async function isState(w: World, vm: string, state: 'running' | 'stopped'): Promise<void> {
  const { State } = await facts(w, vm);
  w.check(`Tart shows VM '${vm}' as ${state}`, State === state);
}

export async function isGone(w: World, vm: string): Promise<void> {
  const { stdout } = await w.run(['tart', 'list', '--source', 'local', '--quiet']);
  w.check(`there is no VM '${vm}'`, !stdout.split('\n').includes(vm));
}

/** The process that rusta recorded shows a window, or none. */
export async function isBooted(w: World, vm: string, mode: 'headless' | 'window'): Promise<void> {
  const pid = readFileSync(ours(w, 'run', `${vm}.pid`), 'utf8').trim();
  const { stdout } = await w.run(['ps', '-ww', '-o', 'command=', '-p', pid]);
  w.check(`process ${pid} is 'tart run' of VM '${vm}'`, stdout.includes(' run ') && stdout.includes(vm));
  w.check(
    `it runs ${mode === 'window' ? 'with a window' : 'without a window'}`,
    stdout.includes('--no-graphics') === (mode === 'headless'),
  );
}

const DEFAULT = /^default_vm = "(.*)"\n/m;
const state = (w: World) => (existsSync(ours(w, 'state.toml')) ? readFileSync(ours(w, 'state.toml'), 'utf8') : '');

export function isDefault(w: World, vm: string | undefined): void {
  w.check(`default_vm in state.toml is ${vm ?? 'not set'}`, DEFAULT.exec(state(w))?.[1] === vm);
}

export function forgetDefault(w: World): void {
  if (DEFAULT.test(state(w))) writeFileSync(ours(w, 'state.toml'), state(w).replace(DEFAULT, ''));
}

export const provisionScript = (w: World, vm: string): string => readFileSync(ours(w, 'provision', `${vm}.sh`), 'utf8');
