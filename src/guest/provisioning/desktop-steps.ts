import type { Constants } from '../script.ts';
import installDesktop from '../scripts/steps/desktop-packages.sh' with { type: 'text' };
import startDisplayManager from '../scripts/steps/display-manager.sh' with { type: 'text' };
import handOverNetwork from '../scripts/steps/hand-over-network.sh' with { type: 'text' };
import networkManager from '../scripts/steps/network-manager.sh' with { type: 'text' };
import welcomeWizard from '../scripts/steps/welcome-wizard.sh' with { type: 'text' };
import type { Desktop } from './desktops.ts';
import type { Step } from './provision-files.ts';

/** Returns the values for the parts of the desktop's steps; the desktop is that of `user`. */
export function desktopConstants(desktop: Desktop, user: string): Constants {
  return {
    NETWORK_FILE: '/etc/NetworkManager/conf.d/10-manage-all.conf',
    DESKTOP_PACKAGES: desktopPackages(desktop),
    DISPLAY_MANAGER: desktop.displayManager,
    DISPLAY_MANAGER_LINK: '/etc/systemd/system/display-manager.service',
    LOGIN_USER: user,
  };
}

/** Returns the steps for `--gui` in the order of spec 5. They follow the steps of the server, whose functions they use. */
export function desktopSteps(desktop: Desktop): Step[] {
  return [
    { name: 'NetworkManager', title: 'Preparing NetworkManager', body: networkManager },
    { name: 'desktop', title: `Installing ${desktopPackages(desktop).join(' and ')}`, body: installDesktop },
    { name: 'network', title: 'Handing the network over to NetworkManager', body: handOverNetwork },
    { name: 'display manager', title: `Starting ${desktop.displayManager} at boot`, body: startDisplayManager },
    { name: 'welcome wizard', title: 'Skipping the welcome wizard', body: welcomeWizard },
  ];
}

/** Returns the packages that make a desktop. */
export function desktopPackages({ name, displayManager }: Desktop): string[] {
  return [...new Set([name, displayManager])];
}
