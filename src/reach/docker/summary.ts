import { RustaError } from '../../errors.ts';
import { dockerName } from '../../vm/names/docker-host.ts';
import type { AliasState } from '../../vm/names/ssh-alias.ts';
import { remedyHint } from '../login/key-login.ts';
import type { KeyTrouble } from '../login/key-use.ts';

interface SetupState {
  readonly alias: AliasState;
  readonly leads: boolean;
  /** The VM was running before, and is left so. */
  readonly staysUp: boolean;
}

/** Returns the last lines of a set-up. They do not claim of an alias or context that it leads here if it leads elsewhere. */
export function setupSummary(vm: string, address: string, { alias, leads, staysUp }: SetupState): string[] {
  const name = dockerName(vm);
  if (!leads) {
    return [
      '',
      `Docker runs in VM '${vm}', but '${name}' is an entry of your own that leads elsewhere than to ${address}: rename it, then run 'rusta docker-setup ${vm}' again.`,
    ];
  }
  if (alias === 'to be pasted') {
    return [
      '',
      `Docker runs in VM '${vm}'. Once the block above is in place, 'docker --context ${name} ps' asks it; 'rusta docker-setup ${vm}' tries that.`,
    ];
  }
  return [
    '',
    `Docker on VM '${vm}' is ready. SSH alias: ${name}, Docker context: ${name}`,
    `  1. rusta up ${vm}   (it is ${staysUp ? 'running' : 'shut down again'})`,
    `  2. docker context use ${name}   (or docker --context ${name} ...)`,
    '  3. docker run hello-world',
    `The alias is pinned to ${address}; 'rusta up ${vm}' and 'rusta docker-setup ${vm}' refresh it when the address changes.`,
  ];
}

/** Returns the error for a complete set-up whose alias and context cannot be used: they would ask for a passphrase, or be refused. */
export function setupIsUnusable(vm: string, trouble: KeyTrouble): RustaError {
  const name = dockerName(vm);
  return new RustaError(
    'key_unusable',
    `Docker is set up in VM '${vm}', but the alias and the context '${name}' cannot be used: ${trouble.reason}`,
    { hint: remedyHint(trouble, `rusta docker-setup ${vm}`) },
  );
}
