/** What the programs of macOS say of the Mac that the stand-in plays. */
export interface MacOsKnobs {
  /** `sw_vers -productVersion` */
  readonly version: string;
  /** `kern.hv_support`: 0 in a macOS that is a VM itself */
  readonly virtualization: 0 | 1;
  /** `launchctl managername`: Aqua at the desktop, Background over ssh, System for daemons */
  readonly session: string;
  readonly keychain: 'unlocked' | 'locked' | 'missing';
  /** interface that leads to every guest */
  readonly route: string;
  /** free on every disk, in 10^9 bytes */
  readonly freeGb: number;
}

export const defaultMacOs: MacOsKnobs = {
  version: '15.7.3',
  virtualization: 1,
  session: 'Aqua',
  keychain: 'unlocked',
  route: 'bridge100',
  freeGb: 100,
};
