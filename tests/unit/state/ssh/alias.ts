import { type PinnedHost, pinnedAlias } from '../../../../src/state/ssh/pinned-alias.ts';

const HOST: PinnedHost = {
  alias: 'docker-lab',
  hostName: '192.168.64.5',
  port: 22,
  user: 'admin',
  identityFile: '/home/me/.ssh/id_ed25519',
  options: [['ProxyCommand', 'none']],
};

/** Returns the alias of a VM that differs in this from `lab`. */
export const aliasOf = (differs: Partial<PinnedHost>) => pinnedAlias({ ...HOST, ...differs });

export const ALIAS = aliasOf({});
