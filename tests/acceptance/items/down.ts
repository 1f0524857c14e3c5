import type { Item } from '../run.ts';
import { forgetDefault, isDefault, isPlayed, isState, runningLab } from '../vms.ts';
import { pick } from './up.ts';

/** sudo finds it before the real one; it does nothing. */
const FAKE = '/usr/local/sbin/shutdown';

/** Half of it is the guest agent's: with the 5 seconds of the checklist a slow guest would be given the power button, and go off. */
const REAL_TIMEOUT = '20';

export const down: readonly Item[] = [
  {
    number: 14,
    title: 'down shuts the default down within 60 s, skips when it is off, and asks where there is no default',
    async run(w) {
      const vm = await runningLab(w);
      await w.rusta(['default', vm]);
      const { seconds } = await w.rusta(['down']);
      w.check('that took less than 60 s', seconds < 60);
      await isState(w, vm, 'stopped');
      w.says(await w.rusta(['down']), '[skip]');
      forgetDefault(w);
      w.says(await w.terminal(['down'], (session) => pick(session, vm)), '[skip]');
      isDefault(w, vm);
    },
  },
  {
    number: 15,
    title: 'down --force stops a VM whose guest agent does not answer',
    async run(w) {
      const vm = await runningLab(w);
      w.note('The agent was stopped in the guest, over SSH.');
      await w.rusta(['ssh', vm, '--', 'sudo systemctl stop tart-guest-agent']);
      await w.run(['tart', 'exec', vm, 'true'], 1);
      await w.rusta(['down', vm, '--force']);
      await isState(w, vm, 'stopped');
    },
  },
  {
    number: 16,
    title: 'down --timeout gives a guest up that does not stop in time, with a hint at --force',
    async run(w) {
      const vm = await runningLab(w);
      await w.rusta(['default', vm]);
      w.note(`The guest does not stop because ${FAKE} does nothing.`);
      await w.rusta(['ssh', vm, '--', `printf '#!/bin/sh\\nexit 0\\n' | sudo tee ${FAKE} && sudo chmod 755 ${FAKE}`]);
      w.says(await w.rusta(['down', '--timeout', isPlayed(w) ? '5' : REAL_TIMEOUT], 1), 'Retry with --force');
      await isState(w, vm, 'running');
      await w.rusta(['ssh', vm, '--', `sudo rm ${FAKE}`]);
      await w.rusta(['down']);
      await isState(w, vm, 'stopped');
    },
  },
];
