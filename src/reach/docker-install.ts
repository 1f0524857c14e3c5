import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { dockerScript } from '../guest/docker-script.ts';
import { lastLines, quoted } from '../text/lines.ts';
import { quote } from '../text/shell.ts';
import { type SshTarget, WRONG_PASSWORD } from '../tools/ssh.ts';

export type DockerInstallContext = Pick<App, 'ssh' | 'out' | 'verbose'>;

/** Milliseconds; packages are downloaded. */
const INSTALL_MS = 30 * 60_000;
const LINES = 15;

/** Docker Engine in the guest, its group and service; changes nothing that is right already. Throws RustaError with the last lines. */
export async function installDocker(app: DockerInstallContext, vm: string, target: SshTarget): Promise<void> {
  app.out.step(`Setting Docker up in VM '${vm}'`);
  const { code, timedOut, stdout, stderr } = await app.ssh.run(target, `sudo bash -c ${quote(dockerScript(target.user))}`, {
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
