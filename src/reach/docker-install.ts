import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { lastLines, quoted } from '../text/lines.ts';
import { type SshTarget, WRONG_PASSWORD } from '../tools/ssh.ts';

export type DockerInstallContext = Pick<App, 'ssh' | 'out' | 'verbose'>;

/** Milliseconds; packages are downloaded. */
const INSTALL_MS = 30 * 60_000;
const LINES = 15;

/** Spec 6.1: 5 s x 120. */
const LOCK_POLL_SECONDS = 5;
const LOCK_POLLS = 120;

/**
 * Run by the guest's shell as the login user. The script is downloaded whole before it is run: a pipe into `sh` runs what
 * a broken download left, and succeeds with nothing installed. Two things may be at work in the guest already: an earlier run
 * of ours whose connection was lost, and a fresh system's own updates.
 */
const INSTALL_COMMAND = `
set -eu
installed() {
  command -v docker > /dev/null && systemctl cat docker.service > /dev/null 2>&1
}
unfinished() {
  [ -n "$(sudo dpkg --audit)" ]
}
packages_locked() {
  if command -v fuser > /dev/null; then
    sudo fuser -s /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock 2> /dev/null
  else
    sudo lslocks -n -o PATH 2> /dev/null | grep -qE '^/var/lib/(dpkg/lock(-frontend)?|apt/lists/lock)$'
  fi
}
script="$(mktemp)"
trap 'rm -f "$script"' EXIT
if ! installed; then
  echo 'Installing Docker'
  curl -fsSL --connect-timeout 20 --max-time 300 https://get.docker.com -o "$script"
fi
exec 9< "$HOME"
flock -n 9 || { echo 'An earlier docker-setup is still at work, waiting for it'; flock 9; }
if ! installed || unfinished; then
  polls=0
  while packages_locked; do
    [ "$polls" -gt 0 ] || echo 'Another package manager is at work, waiting until it has finished'
    polls=$((polls + 1))
    [ "$polls" -le ${LOCK_POLLS} ] || { echo 'another package manager has held its lock for ${(LOCK_POLL_SECONDS * LOCK_POLLS) / 60} minutes' >&2; exit 1; }
    sleep ${LOCK_POLL_SECONDS}
  done
  # What an interrupted run left half installed would make apt refuse everything.
  sudo env DEBIAN_FRONTEND=noninteractive dpkg --force-confdef --force-confold --configure -a || true
  installed || sudo sh "$script"
  installed || { echo 'the installer exited with 0, but there is no docker' >&2; exit 1; }
fi
me="$(id -un)"
if ! id -nG "$me" | tr ' ' '\\n' | grep -qx docker; then
  sudo usermod -aG docker "$me"
fi
sudo systemctl enable --now docker
`.trim();

/** Docker Engine in the guest, its group and service; changes nothing that is right already. Throws RustaError with the last lines. */
export async function installDocker(app: DockerInstallContext, vm: string, target: SshTarget): Promise<void> {
  app.out.step(`Setting Docker up in VM '${vm}'`);
  const { code, timedOut, stdout, stderr } = await app.ssh.run(target, INSTALL_COMMAND, {
    timeoutMs: INSTALL_MS,
    onLine: (line) => app.out.program(line, app.verbose),
  });
  if (code === 0 && !timedOut) return;
  const lines = quoted(lastLines(`${stdout}\n${stderr}`, LINES));
  const reason = timedOut ? 'it did not end in time' : code === WRONG_PASSWORD ? 'the login was refused' : `exit code ${code}`;
  throw new RustaError('docker_setup_failed', `Docker could not be set up in VM '${vm}': ${reason}`, {
    hint: [...lines, `Try again with 'rusta docker-setup ${vm}'.`].join('\n'),
  });
}
