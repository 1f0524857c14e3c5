import type { Item } from '../run.ts';
import { blank, forgetDefault, isDefault, isGone, isState, lab, runningLab } from '../vms.ts';

export const UNKNOWN = 'rusta-acceptance-nobody';

export const query: readonly Item[] = [
  {
    number: 17,
    title: 'list shows the VMs, the default with a star',
    async run(w) {
      const [vm, other] = [await lab(w), await blank(w, 'other')];
      await w.rusta(['default', vm]);
      const step = await w.rusta(['list']);
      w.says(step, /^NAME +STATUS +DEFAULT$/m);
      w.says(step, new RegExp(`^${vm} +\\w+ +\\*$`, 'm'));
      w.says(step, new RegExp(`^${other} +stopped$`, 'm'));
    },
  },
  {
    number: 18,
    title: 'default without a default ends with 1 and never asks',
    async run(w) {
      forgetDefault(w);
      w.says(await w.rusta(['default'], 1), 'no default set');
      w.says(await w.terminal(['default'], async () => {}, 1), 'no default set');
    },
  },
  {
    number: 19,
    title: 'default sets a VM that there is, and ends with 2 for another',
    async run(w) {
      const vm = await blank(w, 'other');
      await w.rusta(['default', vm]);
      isDefault(w, vm);
      w.says(await w.rusta(['default']), vm);
      w.says(await w.rusta(['default', UNKNOWN], 2), 'not found');
      isDefault(w, vm);
    },
  },
  {
    number: 20,
    title: 'delete asks, --yes does not, and the default that pointed there is cleared',
    async run(w) {
      const asked = await blank(w, 'asked');
      await w.terminal(
        ['delete', asked],
        async (session) => {
          await session.waitFor('[y/N] ');
          session.type('n\r');
        },
        1,
      );
      await isState(w, asked, 'stopped');
      await w.terminal(['delete', asked], async (session) => {
        await session.waitFor('[y/N] ');
        session.type('y\r');
      });
      await isGone(w, asked);
      const unasked = await blank(w, 'unasked');
      await w.rusta(['default', unasked]);
      await w.rusta(['delete', unasked, '--yes']);
      await isGone(w, unasked);
      isDefault(w, undefined);
    },
  },
  {
    number: 21,
    title: 'ip prints the address, of the default or of a named VM',
    async run(w) {
      const vm = await runningLab(w);
      await w.rusta(['default', vm]);
      const named = await w.rusta(['ip', vm]);
      w.check('it is an IPv4 address and nothing else', /^\d+(\.\d+){3}\n$/.test(named.stdout));
      const { stdout } = await w.rusta(['ip']);
      w.check('both are the same', stdout === named.stdout);
    },
  },
];
