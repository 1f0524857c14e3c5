/** A desktop that `--gui` installs, with the login screen that belongs to it (spec 5). To add another, add an entry. */
export interface Desktop {
  /** The meta-package, as the user names it. */
  readonly name: string;
  /** Package and systemd unit of its display manager. */
  readonly displayManager: string;
}

export const DESKTOPS: readonly Desktop[] = [
  { name: 'ubuntu-desktop', displayManager: 'gdm3' },
  { name: 'xubuntu-desktop', displayManager: 'lightdm' },
  { name: 'lubuntu-desktop', displayManager: 'sddm' },
  { name: 'lightdm', displayManager: 'lightdm' },
];

/** The desktop of the bare `--gui` (spec 4.3). */
export const DEFAULT_DESKTOP = 'ubuntu-desktop';

/** Returns the desktop of a name; undefined for one that `--gui` does not accept. */
export function findDesktop(name: string): Desktop | undefined {
  return DESKTOPS.find((desktop) => desktop.name === name);
}
