import { pathValue, type SshAlias } from './config.ts';

export interface PinnedHost {
  readonly alias: string;
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  readonly identityFile: string;
  /** Further settings, which must win over those that the user has for all hosts. */
  readonly options: SshAlias['settings'];
}

/** Returns an alias for an address, whichever machine answers there. (spec 4.11) */
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
