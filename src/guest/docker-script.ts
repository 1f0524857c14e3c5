import { APT_CONSTANTS } from './apt.ts';
import { bashScript, constants } from './script.ts';
import apt from './scripts/apt.sh' with { type: 'text' };
import dockerInstall from './scripts/docker-install.sh' with { type: 'text' };

/** Returns the script that installs Docker Engine for that user of the guest and changes nothing that is right already; it runs as root. */
export function dockerScript(user: string): string {
  return bashScript([constants({ ...APT_CONSTANTS, LOGIN_USER: user }), apt, dockerInstall]);
}
