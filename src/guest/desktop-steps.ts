import type { Desktop } from './desktops.ts';
import type { Step } from './provision-files.ts';

const NETWORK_FOLDER = '/etc/NetworkManager/conf.d';
/** Spec 7. */
const NETWORK_FILE = `${NETWORK_FOLDER}/10-manage-all.conf`;
const DISPLAY_MANAGER_LINK = '/etc/systemd/system/display-manager.service';

/** Spec 5 for `--gui`, in its order; they follow the steps of the server, whose functions they use. */
export function desktopSteps({ name, displayManager }: Desktop, user: string): Step[] {
  const packages = [...new Set([name, displayManager])];
  return [
    { title: 'Preparing NetworkManager', body: prepareNetwork() },
    { title: `Installing ${packages.join(' and ')}`, body: installDesktop(packages, displayManager) },
    { title: 'Handing the network over to NetworkManager', body: handOverNetwork() },
    { title: `Starting ${displayManager} at boot`, body: enableDisplayManager(displayManager) },
    { title: 'Skipping the welcome wizard', body: skipWizard(user) },
  ];
}

function prepareNetwork(): string {
  // Before the installation: NetworkManager reads it when it starts for the first time.
  return `
mkdir -p ${NETWORK_FOLDER}
if [ ! -e ${NETWORK_FILE} ]; then
  printf '[keyfile]\\nunmanaged-devices=none\\n' > ${NETWORK_FILE}
fi`;
}

function installDesktop(packages: readonly string[], displayManager: string): string {
  return `
# Of several display managers that an image may have, this one.
if command -v debconf-set-selections > /dev/null; then
  echo '${displayManager} shared/default-x-display-manager select ${displayManager}' | debconf-set-selections
fi
install_packages ${packages.join(' ')}`;
}

function handOverNetwork(): string {
  return `
# A bare display manager does not bring NetworkManager.
if systemctl cat NetworkManager.service > /dev/null 2>&1; then
  systemctl restart NetworkManager.service
else
  echo 'NetworkManager is not installed, the network stays as it is'
fi
systemctl disable systemd-networkd-wait-online.service 2> /dev/null || echo 'systemd-networkd-wait-online.service was not enabled'`;
}

function enableDisplayManager(displayManager: string): string {
  return `
systemctl set-default graphical.target
systemctl daemon-reload
enabled=yes
systemctl enable --force ${displayManager}.service || enabled=no
# Units that are another's name, or say nothing of how to be enabled, need the link made for them: gdm3 is one.
unit="$(systemctl show --property=FragmentPath --value ${displayManager}.service)"
if [ -z "$unit" ] && [ "$enabled" = no ]; then
  echo '${displayManager}.service does not exist'
  false
fi
if [ -n "$unit" ] && [ "$(readlink -f ${DISPLAY_MANAGER_LINK} || true)" != "$(readlink -f "$unit")" ]; then
  ln -sfn "$unit" ${DISPLAY_MANAGER_LINK}
fi
# Debian's display managers start only if this names them.
program="$(command -v ${displayManager} || true)"
if [ -n "$program" ] && [ -d /etc/X11 ]; then
  echo "$program" > /etc/X11/default-display-manager
fi`;
}

function skipWizard(user: string): string {
  return `
# The script runs as root: the home folder is the user's own, wherever it is.
home="$(getent passwd ${user} | cut -d: -f6 || true)"
if [ -z "$home" ]; then
  echo 'The guest has no user ${user}, so there is no wizard to skip'
elif [ ! -e "$home/.config/gnome-initial-setup-done" ]; then
  sudo -u ${user} mkdir -p "$home/.config"
  sudo -u ${user} touch "$home/.config/gnome-initial-setup-done"
fi`;
}
