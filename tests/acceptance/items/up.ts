import { join } from 'node:path';
import type { Item } from '../run.ts';
import { blank, forgetDefault, gui, isBooted, isDefault, isState, lab, stoppedLab } from '../vms.ts';
import type { Talk, World } from '../world.ts';

export const up: readonly Item[] = [
  {
    number: 8,
    title: 'up without a default asks which VM, keeps the answer and boots it',
    async run(w) {
      const vm = await stoppedLab(w);
      forgetDefault(w);
      await w.terminal(['up'], (session) => pick(session, vm));
      isDefault(w, vm);
      await isState(w, vm, 'running');
      w.says(await w.rusta(['up']), `[skip] VM '${vm}'`);
    },
  },
  {
    number: 9,
    title: 'up without any VM ends with 2 and points to create',
    async run(w) {
      forgetDefault(w);
      w.note('There are no VMs because TART_HOME is an empty folder.');
      w.says(await w.rusta(['up'], 2, { TART_HOME: join(w.place.folder, 'no-vms') }), 'rusta create');
    },
  },
  {
    number: 10,
    title: 'up without a default and a terminal ends with 2 and says what to do',
    async run(w) {
      await lab(w);
      forgetDefault(w);
      const step = await w.rusta(['up'], 2);
      w.says(step, 'not a TTY');
      w.says(step, 'rusta default');
      isDefault(w, undefined);
    },
  },
  {
    number: 11,
    title: 'up boots the default headless, and skips when it runs',
    async run(w) {
      const vm = await stoppedLab(w);
      await w.rusta(['default', vm]);
      await w.rusta(['up']);
      await isBooted(w, vm, 'headless');
      w.says(await w.rusta(['up']), '[skip]');
    },
  },
  {
    number: 12,
    title: 'up with a name boots that VM, whatever the default is, which stays',
    async run(w) {
      const [vm, other] = [await stoppedLab(w), await blank(w, 'other')];
      await w.rusta(['default', other]);
      await w.rusta(['up', vm]);
      await isState(w, vm, 'running');
      await isState(w, other, 'stopped');
      isDefault(w, other);
    },
  },
  {
    number: 13,
    title: 'up boots with a window or without as create was told, flags beat it once',
    async run(w) {
      const plain = await stoppedLab(w);
      const desktop = await gui(w);
      await boots(w, plain, [], 'headless');
      await boots(w, desktop, [], 'window');
      for (const flag of ['--no-gui', '--no-graphics']) await boots(w, desktop, [flag], 'headless');
      for (const flag of ['--graphical', '-G', '--graphics', '--gui']) await boots(w, plain, [flag], 'window');
      await w.rusta(['up', plain, '--graphical', '--no-gui'], 1);
      await isState(w, plain, 'stopped');
    },
  },
];

async function boots(w: World, vm: string, flags: readonly string[], mode: 'headless' | 'window'): Promise<void> {
  await w.rusta(['up', vm, ...flags]);
  await isBooted(w, vm, mode);
  await w.rusta(['down', vm, '--timeout', '120']);
}

/** Answers the picker of spec 3.3 with the number that stands before the name. */
export async function pick(session: Talk, vm: string): Promise<void> {
  await session.waitFor('> ');
  const number = session.screen
    .split('\n')
    .find((line) => line.includes(`) ${vm} `))
    ?.trim()
    .split(')')[0];
  session.type(`${number}\r`);
}
