import { temporaryClock } from './clock.ts';
import { APT_CONSTANTS } from './provisioning/apt.ts';
import { proxyConstants } from './proxies.ts';
import { bashInput, constants } from './script.ts';
import dockerInstall from './scripts/docker-install.sh' with { type: 'text' };
import apt from './scripts/frame/apt.sh' with { type: 'text' };
import environment from './scripts/frame/environment.sh' with { type: 'text' };
import output from './scripts/frame/output.sh' with { type: 'text' };
import proxies from './scripts/frame/proxies.sh' with { type: 'text' };
import trace from './scripts/frame/trace.sh' with { type: 'text' };

export interface DockerScriptRequest {
  /** The login of the guest, which may use Docker then. */
  readonly user: string;
  /** Show each command. */
  readonly trace: boolean;
  /** Seconds since 1970 by the clock of this Mac. */
  readonly now: number;
  /** The environment of this Mac, which holds its proxies. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Returns the script for `sudo bash -s` in the guest that installs Docker Engine. It changes nothing that is right already. It may hold
 * the login of a proxy, so it must not get into an argument list or a file.
 */
export function dockerScript({ user, trace: isTraced, now, env }: DockerScriptRequest): string {
  const known = {
    ...APT_CONSTANTS,
    LOG_FILE: '/var/log/docker-setup.log',
    DOCKER_SCRIPT_URL: 'https://get.docker.com',
    DOCKER_SETUP_LOCK: '/run/rusta-docker-setup.lock',
    LOGIN_USER: user,
    MAC_TIME: now,
    TRACE: isTraced ? 'trace' : '',
  };
  const values = constants({ ...known, ...proxyConstants(env) });
  return bashInput([values, output, apt, environment, proxies, trace, ...temporaryClock(), 'guard_apt_get', dockerInstall]);
}
