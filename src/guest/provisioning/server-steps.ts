import { STEP_CLOCK } from '../../tools/guest-clock.ts';
import { type Constants, putFile } from '../script.ts';
import setClock from '../scripts/set-clock.sh' with { type: 'text' };
import stepClock from '../scripts/step-clock.sh' with { type: 'text' };
import aptFast from '../scripts/steps/apt-fast.sh' with { type: 'text' };
import backgroundUpdates from '../scripts/steps/background-updates.sh' with { type: 'text' };
import clockTimer from '../scripts/steps/clock-timer.sh' with { type: 'text' };
import giveIdentity from '../scripts/steps/give-identity.sh' with { type: 'text' };
import guestAtRest from '../scripts/steps/guest-at-rest.sh' with { type: 'text' };
import refresh from '../scripts/steps/refresh.sh' with { type: 'text' };
import serverPackages from '../scripts/steps/server-packages.sh' with { type: 'text' };
import spice from '../scripts/steps/spice.sh' with { type: 'text' };
import { APT_CONSTANTS } from './apt.ts';
import type { Step } from './provision-files.ts';
import { staleLists } from './releases.ts';

/** Packages that are always installed (spec 5). */
export const SERVER_PACKAGES: readonly string[] = ['spice-vdagent', 'spice-webdavd', 'curl', 'wget', 'git'];

/**
 * Options of apt-get. A file that its owner has changed stays, because nobody is there to ask. A repository that fails counts as a
 * failure, so that it is named.
 */
const APT_OPTIONS = [
  ...['Acquire::Retries=3', 'DPkg::Lock::Timeout=600', 'APT::Update::Error-Mode=any'],
  ...['Dpkg::Options::=--force-confdef', 'Dpkg::Options::=--force-confold', 'Dpkg::Options::=--force-unsafe-io'],
];

/** Values for the parts of the server's steps. */
export const SERVER_CONSTANTS: Constants = {
  ...APT_CONSTANTS,
  APT_OPTIONS: ['-y', ...APT_OPTIONS.flatMap((option) => ['-o', option])],
  APT_FAST_PPA: 'ppa:apt-fast/stable',
  ARCHIVES: '/var/cache/apt/archives',
  BACKGROUND_UNITS: [
    'unattended-upgrades.service',
    'apt-daily.timer',
    'apt-daily-upgrade.timer',
    'apt-daily.service',
    'apt-daily-upgrade.service',
  ],
  CLOUD_INIT_SECONDS: 300,
  DOWNLOADS: '/var/cache/apt/rusta',
  MD5_OF_NOTHING: 'd41d8cd98f00b204e9800998ecf8427e',
  PACKAGES: SERVER_PACKAGES,
  // Seconds after which the call is killed.
  PPA_ADD_SECONDS: 45,
  PPA_INSTALL_SECONDS: 180,
  STALE_LISTS: staleLists(),
  STEP_CLOCK,
  UNSAFE_MARK: '/var/lib/rusta/unsafe-io',
};

/** Returns the steps that let the guest come to rest, because the installation needs it for itself. */
export function guestAtRestSteps(): Step[] {
  return [
    { name: 'background updates', title: 'Stopping background updates', body: backgroundUpdates },
    { name: 'cloud-init', title: 'Waiting for cloud-init and other package managers', body: guestAtRest },
  ];
}

/** Returns the steps for every VM in the order of spec 5, and before them those that make a VM of an image (D19, D25). */
export function serverSteps(): Step[] {
  return [
    { name: 'clock', title: 'Setting the clock', body: `${putFile('755', '"$STEP_CLOCK"', stepClock)}\n${setClock}\n${clockTimer}` },
    ...guestAtRestSteps(),
    { name: 'identity', title: 'Giving the VM an identity of its own', body: giveIdentity },
    { name: 'package lists', title: 'Refreshing the package lists', body: refresh },
    { name: 'apt-fast', title: 'Setting up parallel downloads', body: aptFast },
    { name: 'packages', title: `Installing ${SERVER_PACKAGES.join(', ')}`, body: serverPackages },
    { name: 'SPICE', title: 'Starting the SPICE agent', body: spice },
  ];
}
