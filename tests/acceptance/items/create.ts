import { KEYS } from '../place.ts';
import type { Item } from '../run.ts';
import { blank, facts, forgetDefault, gui, isDefault, isGone, isState, lab, labCreated, provisionScript } from '../vms.ts';
import type { World } from '../world.ts';
import { keysArrived } from './ssh.ts';

const SUGGESTED = 'ubuntu-2404';
/** Releases whose stale package lists are removed first (spec 5). */
const STALE: Readonly<Record<string, string>> = { '24.04': 'noble', '26.04': 'resolute' };

export const create: readonly Item[] = [
  {
    number: 4,
    title: 'create on a terminal asks for the name, and makes the VM of the spec; without a terminal it refuses',
    async run(w) {
      forgetDefault(w);
      w.says(await w.rusta(['create'], 1), 'VM name is required');
      await isGone(w, SUGGESTED);
      const step = await w.terminal(['create'], async (session) => {
        await session.waitFor(`VM name [${SUGGESTED}]: `);
        session.press('enter');
      });
      w.says(step, 'spice-vdagent');
      const { CPU, Memory, Disk, State } = await facts(w, SUGGESTED);
      w.check('it has 6 CPUs, 8 GB of memory and 80 GB of disk, and is off', `${CPU} ${Memory} ${Disk} ${State}` === '6 8192 80 stopped');
      isDefault(w, undefined);
      await w.rusta(['up', SUGGESTED]);
      await w.rusta(['ssh', SUGGESTED, '--', 'dpkg', '-s', 'spice-vdagent', 'spice-webdavd', 'curl', 'wget', 'git']);
      await w.rusta(['down', SUGGESTED]);
      await w.rusta(['delete', SUGGESTED, '--yes']);
    },
  },
  {
    number: 5,
    title: 'create --version 22.04 clones that release, and the default stays',
    async run(w) {
      const [other, vm] = [await blank(w, 'other'), w.name('jammy')];
      await w.rusta(['default', other]);
      w.says(await w.rusta(['create', '--version', '22.04', vm]), 'ghcr.io/cirruslabs/ubuntu:22.04');
      w.says(await w.run(['tart', 'list', '--source', 'oci', '--quiet']), 'ghcr.io/cirruslabs/ubuntu:22.04');
      await isState(w, vm, 'stopped');
      isDefault(w, other);
      await w.rusta(['delete', vm, '--yes']);
    },
  },
  {
    number: 6,
    title: 'create --gui installs desktop, display manager and NetworkManager workaround, for every version',
    heavy: 'a desktop for every version takes hours',
    async run(w) {
      await hasDesktop(w, await gui(w, 'xubuntu-desktop'), 'xubuntu-desktop', /\/lightdm\.service/);
      const { stdout } = await w.rusta(['versions', '--image', 'ubuntu']);
      const versions: string[] = stdout.match(/^\d+\.\d+/gm) ?? [];
      w.check('24.04 is among the versions', versions.includes('24.04'));
      for (const version of versions) {
        const vm = w.name(`desktop-${version}`);
        await w.rusta(['create', '--gui', '--version', version, vm]);
        const codename = STALE[version];
        if (codename) w.check(`its stale ${codename} lists are removed`, provisionScript(w, vm).includes(`dists_${codename}-updates`));
        await hasDesktop(w, vm, 'ubuntu-desktop', /\/gdm3?\.service/);
        await w.rusta(['delete', vm, '--yes']);
      }
    },
  },
  {
    number: 7,
    title: 'create --ssh-copy-keys copies the keys and shuts the VM down again',
    async run(w) {
      const step = await labCreated(w);
      for (const key of KEYS) w.says(step, key);
      w.says(step, 'SSH configuration copied');
      const vm = await lab(w);
      await isState(w, vm, 'stopped');
      await w.rusta(['up', vm]);
      await keysArrived(w, vm);
      await w.rusta(['down', vm]);
    },
  },
];

async function hasDesktop(w: World, vm: string, desktop: string, manager: RegExp): Promise<void> {
  await w.rusta(['up', vm, '--no-gui']);
  const look = [
    `dpkg -s ${desktop}`,
    'cat /etc/NetworkManager/conf.d/10-manage-all.conf',
    'systemctl get-default',
    'readlink /etc/systemd/system/display-manager.service',
  ];
  const step = await w.rusta(['ssh', vm, '--', look.join(' && ')]);
  for (const text of ['install ok installed', 'unmanaged-devices=none', 'graphical.target', manager]) w.says(step, text);
  await w.rusta(['down', vm, '--timeout', '120']);
}
