import { dirname } from 'node:path';
import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { explainInstallation } from '../guest/provisioning/install-errors.ts';
import { GUEST_SCRIPT, PROXY_FILE, STATUS_FILE, USER_SCRIPT } from '../guest/provisioning/provision-files.ts';
import { type ProvisionRequest, provisionScript, provisionSteps } from '../guest/provisioning/provision-script.ts';
import { proxySettings } from '../guest/proxies.ts';
import { writePrivateFile } from '../system/files/private-files.ts';
import { type Finished, reasonOf, succeeded } from '../system/programs/command.ts';
import { elapsed } from '../text/elapsed.ts';
import { lastLines, quoted } from '../text/lines.ts';
import type { Tart } from '../tools/tart/tart.ts';
import { TIMEOUTS } from '../vm/waits/waits.ts';
import { listenToScript } from './script-listener.ts';
import type { Steps } from './steps.ts';

/** Milliseconds */
const BOUNDS = { upload: 60_000, status: 30_000 } as const;

/** Writes the script that `provision` runs and keeps it for the user to read (spec 4.3). */
export function writeProvisionScript(app: Pick<App, 'paths'>, request: ProvisionRequest): void {
  writePrivateFile(app.paths.provisionScript(request.vm), provisionScript(request));
}

/**
 * Uploads and runs the script in a guest whose agent answers, and writes its output to `provision/<vm>.log`. Throws RustaError naming the
 * step and the script's last lines.
 */
export async function provision(app: App, request: ProvisionRequest, steps: Steps): Promise<void> {
  const { vm } = request;
  const timeoutMs = app.timeouts.of(TIMEOUTS.provision);
  const names = provisionSteps(request).map(({ name }) => name);
  const listener = listenToScript(app, vm, { steps, names });
  await upload(app, request);
  const finished = await app.tart.exec(vm, ['sudo', 'bash', GUEST_SCRIPT, ...scriptArguments(app)], { timeoutMs, onLine: listener.hear });
  // Also read after a timeout: a pause of this Mac may have lasted longer than the script.
  const status = await readStatus(app.tart, vm);
  if (status === 'succeeded') return;
  const { step, recent, sinceStep } = listener.heard();
  const known = explainInstallation(sinceStep);
  const ending = known?.message ?? howItEnded(finished, status, timeoutMs);
  throw new RustaError('provisioning_failed', `provisioning VM '${vm}' failed ${step ?? 'before its first step'}: ${ending}`, {
    hint: [...quoted(recent), ...(known?.hint === undefined ? [] : [known.hint]), `Full log: ${app.paths.provisionLog(vm)}`].join('\n'),
    log: app.paths.provisionLog(vm),
  });
}

/** Returns arguments that do not belong into the script, which is kept: the time by this Mac's clock, and whether to show each command. */
function scriptArguments({ verbose }: Pick<App, 'verbose'>): string[] {
  return [String(Math.round(Date.now() / 1_000)), ...(verbose ? ['trace'] : [])];
}

function howItEnded({ timedOut, stderr, code }: Finished, status: Status, timeoutMs: number): string {
  if (typeof status === 'number') return `exit code ${status}`;
  if (timedOut) return `it did not end within ${elapsed(timeoutMs)}`;
  return `the guest went away (${lastLines(stderr, 1)[0] ?? `exit ${code}`})`;
}

/** Copies the script into the guest, and the proxies, which hold for this run alone. Removes the files of an earlier run first. */
async function upload({ tart, paths, env }: App, { vm, script }: ProvisionRequest): Promise<void> {
  const removed = `rm -f ${STATUS_FILE} ${PROXY_FILE} ${GUEST_SCRIPT} ${USER_SCRIPT}`;
  await send(tart, vm, `${removed} && cat > ${GUEST_SCRIPT}`, { stdinFile: paths.provisionScript(vm) });
  const putScript = `umask 077 && mkdir -p ${dirname(USER_SCRIPT)} && cat > ${USER_SCRIPT}`;
  if (script) await send(tart, vm, putScript, { stdinFile: paths.userScript(vm) });
  const proxies = proxySettings(env);
  if (proxies !== undefined) await send(tart, vm, `umask 077 && cat > ${PROXY_FILE}`, { input: proxies });
}

async function send(tart: Tart, vm: string, command: string, source: { stdinFile: string } | { input: string }): Promise<void> {
  const finished = await tart.exec(vm, ['sudo', 'sh', '-c', command], { timeoutMs: BOUNDS.upload, ...source });
  if (succeeded(finished)) return;
  throw new RustaError('provisioning_failed', `the provisioning script could not be copied into VM '${vm}': ${reasonOf(finished)}`);
}

/** The exit code of a script that failed; undefined if it left none. */
type Status = 'succeeded' | number | undefined;

/**
 * Returns the exit code that the script left. Some `tart exec` print nothing, so their exit code must say whether it is 0; others lose
 * the exit code and report 0, so the output counts first.
 */
async function readStatus(tart: Tart, vm: string): Promise<Status> {
  const command = `cat ${STATUS_FILE}; grep -qx 0 ${STATUS_FILE}`;
  const finished = await tart.exec(vm, ['sh', '-c', command], { timeoutMs: BOUNDS.status });
  const printed = finished.stdout.trim();
  if (/^\d{1,3}$/.test(printed)) return printed === '0' ? 'succeeded' : Number(printed);
  return succeeded(finished) ? 'succeeded' : undefined;
}
