import { pathValue, type SshAlias } from './config.ts';

export interface PinnedHost {
  readonly alias: string;
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  readonly identityFile: string;
  /** Further lines, that the user's own settings for all hosts must not decide. */
  readonly options: SshAlias['settings'];
}

/** An alias that leads to an address, whoever answers there. (spec 4.11) */
export function pinnedAlias({ alias, hostName, port, user, identityFile, options }: PinnedHost): SshAlias {
  return {
    alias,
    settings: [
      ['HostName', hostName],
      ['Port', String(port)],
      ['User', user],
      ['IdentityFile', pathValue(identityFile)],
      ['IdentitiesOnly', 'yes'],
      ['StrictHostKeyChecking', 'no'],
      ['UserKnownHostsFile', '/dev/null'],
      ['LogLevel', 'ERROR'],
      ...options,
    ],
  };
}
