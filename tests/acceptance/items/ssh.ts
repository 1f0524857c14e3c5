import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEYS } from '../place.ts';
import type { Item } from '../run.ts';
import { runningLab } from '../vms.ts';
import type { Talk, World } from '../world.ts';

export const ssh: readonly Item[] = [
  {
    number: 22,
    title: 'ssh opens a session on a terminal',
    async run(w) {
      const vm = await runningLab(w);
      const talk = async (session: Talk) => {
        await session.waitFor('$ ');
        session.type('[ -t 0 ] && echo "answer $((6 * 7))"; exit 3\r');
        await session.waitFor('answer 42');
      };
      await w.terminal(['ssh', vm], talk, 3);
    },
  },
  {
    number: 23,
    title: 'ssh -- runs a command and ends with its code',
    async run(w) {
      const vm = await runningLab(w);
      w.says(await w.rusta(['ssh', vm, '--', 'uname', '-a']), /^Linux .*aarch64/m);
      await w.rusta(['ssh', vm, '--', 'exit 7'], 7);
    },
  },
  {
    number: 24,
    title: 'ssh-copy copies the keys with the right permissions, as often as you like',
    async run(w) {
      const vm = await runningLab(w);
      await w.rusta(['default', vm]);
      await w.rusta(['ssh', vm, '--', `rm -f ${KEYS.map((key) => `.ssh/${key}`).join(' ')}`]);
      for (const args of [['ssh-copy', vm], ['ssh-copy']]) {
        w.says(await w.rusta(args), 'SSH configuration copied');
        await keysArrived(w, vm);
      }
    },
  },
  {
    number: 25,
    title: 'docker-setup installs Docker, alias and context; a second run changes nothing',
    heavy: 'Docker is downloaded into the guest',
    async run(w) {
      const vm = await runningLab(w);
      await w.rusta(['default', vm]);
      await w.rusta(['docker-setup', vm]);
      const config = () => readFileSync(join(w.place.home, '.ssh/config'), 'utf8');
      const before = config();
      w.check(`~/.ssh/config has 'Host docker-${vm}'`, before.includes(`Host docker-${vm}\n`));
      await w.rusta(['docker-setup']);
      w.check('the second run left ~/.ssh/config as it was', config() === before);
      w.says(
        await w.run(['docker', 'context', 'inspect', '--format', '{{.Endpoints.docker.Host}}', `docker-${vm}`]),
        `ssh://admin@docker-${vm}`,
      );
      await w.run(['ssh', `docker-${vm}`, 'docker', 'ps']);
      await w.run(['docker', '--context', `docker-${vm}`, 'ps']);
    },
  },
];

/** The guest is asked, so it must run. */
export async function keysArrived(w: World, vm: string): Promise<void> {
  const step = await w.rusta(['ssh', vm, '--', 'ls -ld .ssh && ls -l .ssh']);
  w.says(step, /^drwx------.* \.ssh$/m);
  for (const key of KEYS) {
    const mode = key.endsWith('.pub') ? '-rw-r--r--' : '-rw-------';
    w.says(step, new RegExp(`^${mode}.* ${key.replace('.', '\\.')}$`, 'm'));
  }
}
