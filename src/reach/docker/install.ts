import type { App } from '../../app.ts';
import { RustaError } from '../../errors.ts';
import { dockerScript } from '../../guest/docker-script.ts';
import { explainInstallation } from '../../guest/provisioning/install-errors.ts';
import { parseWarning } from '../../guest/provisioning/provision-script.ts';
import { type Finished, succeeded } from '../../system/programs/command.ts';
import { lastLines, quoted } from '../../text/lines.ts';
import { WRONG_PASSWORD } from '../../tools/ssh/ssh.ts';
import type { Login } from '../login/login.ts';

export type DockerInstallContext = Pick<App, 'ssh' | 'out' | 'progress' | 'verbose' | 'env'>;

/** Milliseconds: packages are downloaded. */
const INSTALL_MS = 30 * 60_000;
const LINES = 15;

/**
 * Installs Docker Engine in the guest, with its group and service; changes nothing that is right already. Throws RustaError
 * with the last lines of the installation.
 */
export function installDocker(app: DockerInstallContext, vm: string, login: Login): Promise<void> {
  return app.progress.during(`Setting Docker up in VM '${vm}'`, () => runInstaller(app, vm, login));
}

async function runInstaller(app: DockerInstallContext, vm: string, login: Login): Promise<void> {
  const onLine = (line: string) => {
    const warning = parseWarning(line);
    if (warning === undefined) app.out.program(line, app.verbose);
    else app.out.warn(warning);
    app.progress.detail(line);
  };
  const finished = await login.through((target) =>
    app.ssh.run(target, 'sudo bash -s', {
      timeoutMs: INSTALL_MS,
      input: dockerScript({ user: target.user, trace: app.verbose, now: Math.round(Date.now() / 1_000), env: app.env }),
      onLine,
    }),
  );
  if (succeeded(finished)) return;
  const lines = lastLines(`${finished.stdout}\n${finished.stderr}`, LINES);
  const known = explainInstallation(lines);
  throw new RustaError('docker_setup_failed', `Docker could not be set up in VM '${vm}': ${known?.message ?? howItEnded(finished)}`, {
    hint: [...quoted(lines), ...(known?.hint === undefined ? [] : [known.hint]), `Try again with 'rusta docker-setup ${vm}'.`].join('\n'),
  });
}

function howItEnded({ code, timedOut }: Finished): string {
  if (timedOut) return 'it did not end in time';
  return code === WRONG_PASSWORD ? 'the login was refused' : `exit code ${code}`;
}
