import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { appendTo, ensureFolder, removeFile, writeWhole } from '../system/files.ts';
import type { Tart } from '../tools/tart.ts';
import { lastLines } from '../tools/tart-messages.ts';
import { GUEST_SCRIPT, parseStep, provisionScript, STATUS_FILE } from './provision-script.ts';

export type ProvisionContext = Pick<App, 'tart' | 'out' | 'paths' | 'verbose'>;

/** Milliseconds */
const BOUNDS = { upload: 60_000, run: 3 * 3_600_000, status: 30_000 } as const;
const KEPT_LINES = 15;

/** Writes the script that `provision` runs and keeps it for the user to read (spec 4.3). */
export function writeProvisionScript(app: Pick<App, 'paths'>, vm: string): void {
  const path = app.paths.provisionScript(vm);
  ensureFolder(path.slice(0, path.lastIndexOf('/')));
  writeWhole(path, provisionScript(), 0o600);
}

/** Uploads and runs the script in a guest whose agent answers. Throws RustaError naming the step and the script's last lines. */
export async function provision(app: ProvisionContext, vm: string): Promise<void> {
  await upload(app.tart, vm, app.paths.provisionScript(vm));
  const recent: string[] = [];
  let step = 'before its first step';
  removeFile(app.paths.provisionLog(vm));
  const keep = appendTo(app.paths.provisionLog(vm));
  const { code, timedOut, stderr } = await app.tart.exec(vm, ['sudo', 'bash', GUEST_SCRIPT], {
    timeoutMs: BOUNDS.run,
    onLine: (line) => {
      keep(`${line}\n`);
      recent.push(line);
      if (recent.length > KEPT_LINES) recent.shift();
      const announced = parseStep(line);
      app.out.program(line, app.verbose);
      if (announced === undefined) return;
      step = `in step ${announced.n} of ${announced.of}, ${announced.title}`;
      if (!app.verbose) app.out.step(`[${announced.n}/${announced.of}] ${announced.title}`);
    },
  });
  const status = timedOut ? undefined : await readStatus(app.tart, vm);
  if (status === '0') return;
  const ending = timedOut
    ? 'it did not end'
    : status === undefined
      ? `the guest went away (${lastLines(stderr, 1)[0] ?? `exit ${code}`})`
      : `exit code ${status}`;
  const lines = recent.map((line) => `  | ${line}`);
  throw new RustaError(`provisioning VM '${vm}' failed ${step}: ${ending}`, {
    hint: [...lines, `Full log: ${app.paths.provisionLog(vm)}`].join('\n'),
  });
}

async function upload(tart: Tart, vm: string, script: string): Promise<void> {
  const { code, stderr } = await tart.exec(vm, ['sh', '-c', `cat > ${GUEST_SCRIPT}`], { timeoutMs: BOUNDS.upload, stdinFile: script });
  if (code !== 0)
    throw new RustaError(`the provisioning script could not be copied into VM '${vm}': ${lastLines(stderr, 1)[0] ?? `exit code ${code}`}`);
}

/** The script's own exit code, undefined if it left none. */
async function readStatus(tart: Tart, vm: string): Promise<string | undefined> {
  const { code, stdout } = await tart.exec(vm, ['cat', STATUS_FILE], { timeoutMs: BOUNDS.status });
  const status = stdout.trim();
  return code === 0 && /^\d{1,3}$/.test(status) ? status : undefined;
}
