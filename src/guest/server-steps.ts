import { APT_CONSTANTS } from './apt.ts';
import type { Step } from './provision-files.ts';
import { staleLists } from './releases.ts';
import type { Constants } from './script.ts';
import aptFast from './scripts/apt-fast.sh' with { type: 'text' };
import backgroundUpdates from './scripts/background-updates.sh' with { type: 'text' };
import refreshLists from './scripts/refresh-lists.sh' with { type: 'text' };
import spice from './scripts/spice.sh' with { type: 'text' };

/** Always installed (spec 5). */
const PACKAGES = ['spice-vdagent', 'spice-webdavd', 'curl', 'wget', 'git'] as const;

/** A file that is changed keeps its owner's version: nobody is there to ask. */
const APT_OPTIONS = [
  '-y',
  ...['Acquire::Retries=3', 'DPkg::Lock::Timeout=600', 'APT::Update::Error-Mode=any'],
  ...['Dpkg::Options::=--force-confdef', 'Dpkg::Options::=--force-confold'],
].flatMap((option) => (option.startsWith('-') ? [option] : ['-o', option]));

/** What the parts of the server's steps are told. */
export const SERVER_CONSTANTS: Constants = {
  ...APT_CONSTANTS,
  PACKAGES,
  BACKGROUND_UNITS: [
    'unattended-upgrades.service',
    'apt-daily.timer',
    'apt-daily-upgrade.timer',
    'apt-daily.service',
    'apt-daily-upgrade.service',
  ],
  STALE_LISTS: staleLists(),
  APT_OPTIONS,
  APT_FAST_PPA: 'ppa:apt-fast/stable',
  // What has not ended by then is killed.
  PPA_ADD_SECONDS: 45,
  PPA_UPDATE_SECONDS: 90,
  PPA_INSTALL_SECONDS: 180,
};

/** Spec 5 for every VM, in its order. */
export function serverSteps(): Step[] {
  return [
    { title: 'Stopping background updates', body: backgroundUpdates },
    { title: 'Waiting for other package managers', body: 'wait_for_apt_locks\nfinish_installations' },
    { title: 'Refreshing the package lists', body: refreshLists },
    { title: 'Setting up parallel downloads', body: aptFast },
    { title: `Installing ${PACKAGES.join(', ')}`, body: `install_packages "\${PACKAGES[@]}"` },
    { title: 'Starting the SPICE agent', body: spice },
  ];
}
