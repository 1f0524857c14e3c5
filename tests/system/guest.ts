import { createMac, type Mac } from '../sandbox/mac.ts';
import { ensureBase } from '../sandbox/system/base/base.ts';
import { whyUnsupported } from '../sandbox/system/base/packages.ts';
import { tracesOf } from '../sandbox/system/traces.ts';

/** A real guest boots, shuts down or installs packages in seconds; a slow machine gets a minute. Milliseconds. */
export const STEP_MS = 60_000;
/** A whole test of several steps. */
export const TEST_MS = 300_000;

/** True where no system guest can run, after saying why. */
export function cannotRun(): boolean {
  const reason = whyUnsupported();
  if (reason !== undefined) console.warn(`skipped: ${reason}`);
  return reason !== undefined;
}

/** A Mac whose guests boot, and whose ssh and sshpass are the real ones. */
export async function systemMac(): Promise<Mac> {
  await ensureBase(console.warn);
  return createMac({ knobs: { guest: 'system' } });
}

/** Such a Mac with a VM `lab` that runs. */
export async function macWithRunningLab(): Promise<Mac> {
  await using stack = new AsyncDisposableStack();
  const mac = stack.use(await systemMac());
  await mac.addVm('lab');
  await rustaOk(mac, 'up', 'lab');
  stack.move();
  return mac;
}

/** What rusta printed on stdout; throws unless it ended with 0 and had nothing to complain about. */
export async function rustaOk(mac: Mac, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await mac.rusta(args, { timeoutMs: STEP_MS });
  if (code !== 0 || stderr !== '') throw new Error(`rusta ${args.join(' ')} ended with ${code}\n${stdout}\n${stderr}`);
  return stdout;
}

/** Runs a script as root in the running VM and returns what it printed. */
export async function inGuest(mac: Mac, vm: string, script: string): Promise<string> {
  const { code, stdout, stderr } = await mac.rusta(['ssh', vm, '--', 'sudo sh -s'], { stdin: script, timeoutMs: STEP_MS });
  if (code !== 0) throw new Error(`in ${vm}, exit ${code}: ${script}\n${stdout}\n${stderr}`);
  return stdout;
}

/** What the running VM has on the host outside its folder: see `tracesOf`. */
export function tracesOfRunning(mac: Mac, vm: string) {
  const { folder, address } = mac.vm(vm);
  if (address === undefined) throw new Error(`${vm} has no address`);
  return tracesOf({ folder }, { ip: address });
}

/** Whether the boot before this one ended by stopping its services, as the guest's own journal tells. The VM runs. */
export async function lastShutdownWasClean(mac: Mac, vm: string): Promise<boolean> {
  const journal = await rustaOk(mac, 'ssh', vm, '--', 'sudo journalctl --boot=-1 --output=cat --unit=ssh.service');
  if (!journal.includes('Started ssh.service')) throw new Error(`no journal of the boot before:\n${journal}`);
  return journal.includes('Stopped ssh.service');
}

/** The names of those packages that the running VM has completely installed. */
export async function installedOf(mac: Mac, vm: string, packages: readonly string[]): Promise<string[]> {
  const { stdout } = await mac.rusta(['ssh', vm, '--', 'dpkg', '-s', ...packages], { timeoutMs: STEP_MS });
  const installed = stdout.split('\n\n').filter((paragraph) => paragraph.includes('\nStatus: install ok installed\n'));
  return installed.map((paragraph) => /^Package: (.*)$/m.exec(paragraph)?.[1] ?? '');
}
