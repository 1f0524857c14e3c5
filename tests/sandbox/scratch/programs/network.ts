import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { behaviorOf } from '../../knobs.ts';
import { out, write } from '../../standin/io.ts';
import type { Program } from '../../standin/programs.ts';
import { guestPlace } from '../environment.ts';

/** What https://get.docker.com gives: installs, and leaves a group. */
const DOCKER_SCRIPT = '#!/bin/sh\nset -e\napt-get install -y docker-ce docker-ce-cli\nsystemctl enable --now docker\n';

export const curl: Program = ({ args }) => {
  const url = args.find((word) => /^https?:/.test(word)) ?? '';
  const target = args[args.findIndex((word) => /^-\w*o$/.test(word)) + 1];
  const text = url.includes('get.docker.com') ? DOCKER_SCRIPT : '';
  if (args.some((word) => /^-\w*o$/.test(word)) && target !== undefined) writeFileSync(target, text);
  else write(1, text);
  return 0;
};

export const hostname: Program = () => {
  const { root } = guestPlace();
  out(readFileSync(join(root, 'etc/hostname'), 'utf8').trim());
  return 0;
};

/** `ip -4 route show default` and `ip -4 -o addr show`, of the guest's one interface, and of docker's where it has one. */
export const ip: Program = (context) => {
  const { machinePid, sandbox, vm } = guestPlace();
  const machines = readdirSync(join(sandbox, 'machines')).map((name) => join(sandbox, 'machines', name));
  const machine = machines.find(
    (folder) => existsSync(join(folder, 'pid')) && Number(readFileSync(join(folder, 'pid'), 'utf8')) === machinePid,
  );
  const lease = join(machine ?? '/', 'dhcp');
  const address = existsSync(lease) ? readFileSync(lease, 'utf8') : undefined;
  const inner = behaviorOf(context.knobs(), vm).docker0;
  if (context.args.includes('route')) {
    if (address !== undefined) out('default via 192.168.64.1 dev enp0s1 proto dhcp src 192.168.64.2 metric 100');
  } else {
    if (inner) out('4: docker0    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0\\       valid_lft forever');
    if (address !== undefined)
      out(`2: enp0s1    inet ${address}/24 metric 100 brd 192.168.64.255 scope global dynamic enp0s1\\       valid_lft 86000sec`);
  }
  return 0;
};
