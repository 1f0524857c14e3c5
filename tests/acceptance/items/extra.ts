import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Item } from '../run.ts';
import { isPlayed, runningLab } from '../vms.ts';
import type { World } from '../world.ts';

const MEGABYTES = 100;
const SEND = `head -c ${MEGABYTES * 1_000_000} /dev/zero`;

/** What goes beyond the checklist of the specification, and only a Mac can show: run by `--only` alone. */
export const EXTRAS: readonly Item[] = [
  {
    number: 31,
    title: `the name of ssh-setup carries ${MEGABYTES} MB, at the address and through the guest agent (D21)`,
    async run(w) {
      const vm = await runningLab(w);
      if (isPlayed(w)) giveHostKey(w, vm);
      w.says(await w.rusta(['ssh-setup', vm]), `rusta-${vm}`);
      await carry(w, 'at the address', [`rusta-${vm}`]);
      const { argv } = await w.rusta(['connect', vm, '--via-agent']);
      await carry(w, 'through the guest agent', ['-o', `ProxyCommand=${argv[0]} connect ${vm} --via-agent`, `rusta-${vm}`]);
    },
  },
];

/** The guests of the stand-in have no sshd of their own, and so no key. */
function giveHostKey(w: World, vm: string): void {
  const folder = join(w.place.env['TART_HOME'] ?? '', 'vms', vm, 'guest/etc/ssh');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'ssh_host_ed25519_key.pub'), `ssh-ed25519 ${Buffer.from('a host key of the stand-in').toString('base64')}\n`);
}

async function carry(w: World, way: string, words: readonly string[]): Promise<void> {
  const { seconds, stdout } = await w.run(['ssh', ...words, SEND]);
  w.check(`all of it came ${way}`, stdout.length === MEGABYTES * 1_000_000);
  w.note(`${way}: ${Math.round(MEGABYTES / seconds)} MB/s`);
}
