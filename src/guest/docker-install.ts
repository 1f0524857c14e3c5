import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { type SshTarget, WRONG_PASSWORD } from '../tools/ssh.ts';
import { lastLines } from '../tools/tart-messages.ts';

export type DockerInstallContext = Pick<App, 'ssh' | 'out' | 'verbose'>;

/** Milliseconds; packages are downloaded. */
const INSTALL_MS = 30 * 60_000;
const LINES = 15;

/**
 * Run by the guest's shell as the login user. The script is downloaded whole before it is run: a pipe into `sh` runs what
 * a broken download left, and succeeds with nothing installed.
 */
const INSTALL_COMMAND = `
set -eu
if ! command -v docker > /dev/null; then
  echo 'Installing Docker'
  script="$(mktemp)"
  trap 'rm -f "$script"' EXIT
  curl -fsSL --connect-timeout 20 --max-time 300 https://get.docker.com -o "$script"
  sudo sh "$script"
  command -v docker > /dev/null || { echo 'the installer ended well, but there is no docker' >&2; exit 1; }
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
  const lines = lastLines(`${stdout}\n${stderr}`, LINES).map((line) => `  | ${line}`);
  const reason = timedOut ? 'it did not end in time' : code === WRONG_PASSWORD ? 'the login was refused' : `exit code ${code}`;
  throw new RustaError(`Docker could not be set up in VM '${vm}': ${reason}`, {
    hint: [...lines, `Try again with 'rusta docker-setup ${vm}'.`].join('\n'),
  });
}
