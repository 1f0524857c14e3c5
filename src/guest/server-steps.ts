import type { Step } from './provision-files.ts';
import { STALE_APT_RELEASES, staleListFiles } from './releases.ts';

/** Always installed (spec 5). */
const PACKAGES = ['spice-vdagent', 'spice-webdavd', 'curl', 'wget', 'git'] as const;
const BACKGROUND_UNITS = [
  'unattended-upgrades.service',
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'apt-daily.service',
  'apt-daily-upgrade.service',
];
const APT_LOCKS = ['/var/lib/dpkg/lock-frontend', '/var/lib/dpkg/lock', '/var/lib/apt/lists/lock', '/var/cache/apt/archives/lock'];
/** Spec 6.1: 5 s x 120. */
const LOCK_POLL_SECONDS = 5;
const LOCK_POLLS = 120;
/** Seconds for the three steps of getting apt-fast; what does not end then is killed. */
const PPA_SECONDS = { add: 45, update: 90, install: 180 } as const;

/** Spec 5 for every VM, in its order. */
export function serverSteps(): Step[] {
  return [
    { title: 'Stopping background updates', body: stopBackgroundUpdates() },
    { title: 'Waiting for other package managers', body: waitForAptLocks() },
    { title: 'Refreshing the package lists', body: refreshLists() },
    { title: 'Setting up parallel downloads', body: installAptFast() },
    { title: `Installing ${PACKAGES.join(', ')}`, body: `install_packages ${PACKAGES.join(' ')}` },
    { title: 'Starting the SPICE agent', body: startSpiceAgent() },
  ];
}

function stopBackgroundUpdates(): string {
  // Units that the image does not have are no failure.
  return `
for unit in ${BACKGROUND_UNITS.join(' ')}; do
  systemctl stop "$unit" 2> /dev/null || true
done`;
}

function waitForAptLocks(): string {
  return `
apt_locks_held() {
  if command -v fuser > /dev/null; then
    fuser -s ${APT_LOCKS.join(' ')} 2> /dev/null
  else
    lslocks -n -o PATH 2> /dev/null | grep -qxF${APT_LOCKS.map((lock) => ` -e ${lock}`).join('')}
  fi
}
polls=0
while apt_locks_held; do
  if [ "$polls" -eq 0 ]; then
    echo 'Another package manager is at work, waiting until it has finished'
  fi
  polls=$((polls + 1))
  if [ "$polls" -gt ${LOCK_POLLS} ]; then
    echo 'Another package manager has held the lock for ${(LOCK_POLL_SECONDS * LOCK_POLLS) / 60} minutes'
    false
  fi
  sleep ${LOCK_POLL_SECONDS}
done
${finishInstallations()}`;
}

/**
 * What an interrupted run left half installed would make apt refuse everything. What was cut off amid its unpacking cannot
 * be configured, and apt does not always unpack it again: it goes, unless others need it, and is installed anew.
 */
function finishInstallations(): string {
  return `dpkg-query -W -f='\${db:Status-Eflag} \${Package}\\n' | sed -n 's/^reinstreq //p' | while read -r package; do
  dpkg --force-remove-reinstreq --remove "$package" || echo "$package stays as it is"
done
dpkg --force-confdef --force-confold --configure -a || echo 'dpkg leaves the rest to apt-get'`;
}

function refreshLists(): string {
  const cases = STALE_APT_RELEASES.map(({ version, codename }) => `  ${version}) rm -f ${staleListFiles(codename).join(' ')} ;;`);
  return `
# These releases ship package lists that do not match the mirror.
# shellcheck disable=SC1091
release="$(. /etc/os-release && echo "\${VERSION_ID:-}")"
case "$release" in
${cases.join('\n')}
esac
retry apt-get "\${apt_options[@]}" update`;
}

function installAptFast(): string {
  const bounded = (seconds: number) => `timeout -k 5 ${seconds}`;
  return `
# Best effort: not every release has the PPA, and apt-get serves as well.
apt_tool=apt-get
add_apt_fast() {
  command -v apt-fast > /dev/null && return 0
  command -v add-apt-repository > /dev/null || return 1
  if ${bounded(PPA_SECONDS.add)} add-apt-repository -y -n ppa:apt-fast/stable \\
    && ${bounded(PPA_SECONDS.update)} apt-get "\${apt_options[@]}" update \\
    && ${bounded(PPA_SECONDS.install)} apt-get "\${apt_options[@]}" install apt-fast; then
    return 0
  fi
  # A repository that does not answer would fail every later update.
  rm -f /etc/apt/sources.list.d/*apt-fast*
  return 1
}
if add_apt_fast; then
  apt_tool=apt-fast
else
  echo 'apt-fast is not available, going on with apt-get'
  # Killed amid an installation, or with lists that the repository left.
  ${finishInstallations()}
fi
install_packages() {
  if [ "$apt_tool" = apt-fast ] && apt-fast "\${apt_options[@]}" install "$@"; then
    return 0
  fi
  retry apt-get "\${apt_options[@]}" install "$@"
}`;
}

function startSpiceAgent(): string {
  return `
for unit in spice-vdagent.socket spice-vdagent.service; do
  systemctl start "$unit" 2> /dev/null || echo "$unit was not started"
done`;
}
