import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { explainProvisioning } from '../guest/provision-errors.ts';
import { GUEST_SCRIPT, STATUS_FILE } from '../guest/provision-files.ts';
import { type ProvisionRequest, parseStep, provisionScript } from '../guest/provision-script.ts';
import { appendToNewPrivateFile, writePrivateFile } from '../system/files/private-files.ts';
import type { Finished } from '../system/programs/command.ts';
import { stripControl } from '../text/control.ts';
import { elapsed } from '../text/elapsed.ts';
import { lastLines, quoted } from '../text/lines.ts';
import type { Tart } from '../tools/tart.ts';
import type { Progress } from '../ui/progress.ts';
import { TIMEOUTS } from '../vm/waits.ts';

export type ProvisionContext = Pick<App, 'tart' | 'out' | 'paths' | 'verbose' | 'timeouts'>;

/** Milliseconds */
const BOUNDS = { upload: 60_000, status: 30_000 } as const;
const KEPT_LINES = 15;

/** Writes the script that `provision` runs and keeps it for the user to read (spec 4.3). */
export function writeProvisionScript(app: Pick<App, 'paths'>, vm: string, request: ProvisionRequest): void {
  writePrivateFile(app.paths.provisionScript(vm), provisionScript(request));
}

/**
 * Uploads and runs the script in a guest whose agent answers; all that it prints goes to `provision/<vm>.log`.
 * Throws RustaError naming the step and the script's last lines.
 */
export async function provision(app: ProvisionContext, vm: string, progress: Progress): Promise<void> {
  const timeoutMs = app.timeouts.of(TIMEOUTS.provision);
  const listener = listen(app, vm, progress);
  await upload(app.tart, vm, app.paths.provisionScript(vm));
  const finished = await app.tart.exec(vm, ['sudo', 'bash', GUEST_SCRIPT], { timeoutMs, onLine: listener.hear });
  const status = finished.timedOut ? undefined : await readStatus(app.tart, vm);
  const { step, recent } = listener.heard();
  // A script that never began may find the status of an earlier run.
  if (status === '0' && step !== undefined) return;
  const known = explainProvisioning(recent.join('\n'));
  const ending = known?.message ?? howItEnded(finished, status, timeoutMs);
  throw new RustaError('provisioning_failed', `provisioning VM '${vm}' failed ${step ?? 'before its first step'}: ${ending}`, {
    hint: [...quoted(recent), ...(known?.hint === undefined ? [] : [known.hint]), `Full log: ${app.paths.provisionLog(vm)}`].join('\n'),
  });
}

/** Keeps and shows what the script prints, and remembers where it is. */
function listen(app: ProvisionContext, vm: string, progress: Progress) {
  const keep = appendToNewPrivateFile(app.paths.provisionLog(vm));
  const recent: string[] = [];
  let step: string | undefined;
  const hear = (raw: string) => {
    const line = stripControl(raw);
    keep(`${line}\n`);
    app.out.program(line, app.verbose);
    if (line.trim() === '') return;
    recent.push(line);
    if (recent.length > KEPT_LINES) recent.shift();
    const announced = parseStep(line);
    if (announced === undefined) {
      progress.detail(line);
      return;
    }
    step = `in step ${announced.n} of ${announced.of}, ${announced.title}`;
    progress.step(`[${announced.n}/${announced.of}] ${announced.title}`);
  };
  return { hear, heard: () => ({ step, recent }) };
}

function howItEnded({ timedOut, stderr, code }: Finished, status: string | undefined, timeoutMs: number): string {
  if (timedOut) return `it did not end within ${elapsed(timeoutMs)}`;
  if (status === undefined) return `the guest went away (${lastLines(stderr, 1)[0] ?? `exit ${code}`})`;
  return `exit code ${status}`;
}

async function upload(tart: Tart, vm: string, script: string): Promise<void> {
  const { code, stderr } = await tart.exec(vm, ['sh', '-c', `cat > ${GUEST_SCRIPT}`], { timeoutMs: BOUNDS.upload, stdinFile: script });
  if (code !== 0)
    throw new RustaError(
      'provisioning_failed',
      `the provisioning script could not be copied into VM '${vm}': ${lastLines(stderr, 1)[0] ?? `exit code ${code}`}`,
    );
}

/** The script's own exit code, undefined if it left none. */
async function readStatus(tart: Tart, vm: string): Promise<string | undefined> {
  const { code, stdout } = await tart.exec(vm, ['cat', STATUS_FILE], { timeoutMs: BOUNDS.status });
  const status = stdout.trim();
  return code === 0 && /^\d{1,3}$/.test(status) ? status : undefined;
}
