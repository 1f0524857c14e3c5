/** What `--gui` installs, with the login screen that belongs to it (spec 5). Another one is one more entry. */
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

/** What the bare `--gui` means (spec 4.3). */
export const DEFAULT_DESKTOP = 'ubuntu-desktop';

/** undefined for a name that `--gui` does not accept. */
export function findDesktop(name: string): Desktop | undefined {
  return DESKTOPS.find((desktop) => desktop.name === name);
}
