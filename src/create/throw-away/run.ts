import type { App } from '../../app.ts';
import { RustaError } from '../../errors.ts';
import { parseCode, putStartScript, SHOW_CODE, startCommand, startScript, type Variables } from '../../guest/run-command.ts';
import { mountShares } from '../../lifecycle/shares.ts';
import { limitTime } from '../../system/clock.ts';
import { readIfExists } from '../../system/files/files.ts';
import { reasonOf, succeeded } from '../../system/programs/command.ts';
import { elapsed } from '../../text/elapsed.ts';
import { lastLines, quoted } from '../../text/lines.ts';
import { keepAwake } from '../../tools/caffeinate.ts';
import { openSection } from '../../ui/section.ts';
import { credentialsOf, IMAGE_CREDENTIALS } from '../../vm/credentials.ts';
import type { Share } from '../../vm/shares.ts';
import { sweepOrphans } from './sweep.ts';
import { inThrowAwayVm } from './throw-away.ts';

export interface RunRequest {
  /** The VM to copy. */
  readonly from: string;
  /** One word is a command line for a shell, several keep their boundaries (D12). */
  readonly command: readonly string[];
  /** How long the command may run, in milliseconds; undefined for as long as it wants. */
  readonly timeoutMs: number | undefined;
  /** The variables of its environment. */
  readonly variables: Variables;
  /** The folders of the Mac that the copy sees; the command runs in the first. */
  readonly shares: readonly Share[];
  readonly keep: boolean;
}

/** The exit code of `timeout` of the coreutils when the time is over. */
const TIMED_OUT = 124;
const GUEST_MS = 30_000;
const LOG_LINES = 3;

/** Runs a command in a copy of a VM that is made for it and removed again, and resolves with its exit code (D23). Throws RustaError. */
export async function runInCopy(app: App, request: RunRequest): Promise<number> {
  const { from: source, keep, shares } = request;
  const section = openSection(app, `Setting up a copy of VM '${source}'`);
  try {
    await sweepOrphans(app);
    keepAwake(app);
    return await inThrowAwayVm(app, { source, purpose: `rusta run --from ${source}`, shares, keep }, async (vm) => {
      try {
        await mountShares(app, vm, shares);
        await putCommand(app, vm, request);
        section[Symbol.dispose]();
        return await runCommand(app, vm, request);
      } finally {
        if (keep) app.out.notice(`VM '${vm}' stays: 'rusta ssh ${vm}' gets in, 'rusta delete ${vm} --force-running' removes it`);
      }
    });
  } finally {
    section[Symbol.dispose]();
  }
}

/** Brings the command into the guest through the agent, for which neither a network nor a login is needed. Throws RustaError. */
async function putCommand(app: App, vm: string, { variables }: RunRequest): Promise<void> {
  const { user } = loginOf(app, vm);
  const input = startScript(variables);
  const finished = await app.tart.exec(vm, putStartScript(user, Date.now()), { timeoutMs: GUEST_MS, input });
  if (succeeded(finished)) return;
  throw new RustaError('copy_failed', `the command could not be brought into VM '${vm}': ${reasonOf(finished)}`);
}

async function runCommand(app: App, vm: string, request: RunRequest): Promise<number> {
  const { timeoutMs } = request;
  const { said, timedOut, printed } = await startCommandIn(app, vm, request);
  const end = (code: number) => {
    if (printed !== undefined) app.out.result({ vm: request.keep ? vm : null, exit_code: code, ...printed });
    return code;
  };
  if (timedOut && timeoutMs !== undefined) {
    app.out.warn(`the command did not end within ${elapsed(timeoutMs)}`);
    return end(TIMED_OUT);
  }
  if (app.interrupt.received !== undefined || app.stdio.hasLostReader(1)) return said;
  const { stdout } = await app.tart.exec(vm, SHOW_CODE, { timeoutMs: GUEST_MS });
  const code = parseCode(stdout);
  if (code !== undefined) return end(code);
  const log = quoted(lastLines(readIfExists(app.paths.runLog(vm)) ?? '', LOG_LINES));
  throw new RustaError('command_lost', `nobody knows how the command ended: the guest went away ('tart exec' ended with ${said})`, {
    hint: [...log, 'Did it shut the guest down, or stop its agent?'].join('\n'),
  });
}

/** The end of the program that runs the command in the guest. */
interface Ended {
  readonly said: number;
  readonly timedOut: boolean;
  /** The output, if a document was asked for. */
  readonly printed?: { readonly stdout: string; readonly stderr: string };
}

async function startCommandIn(app: App, vm: string, { command, shares, timeoutMs }: RunRequest): Promise<Ended> {
  const { user, isAgents } = loginOf(app, vm);
  const terminal = !app.out.json && app.stdio.isTerminal(0) && app.stdio.isTerminal(1);
  const place = { folder: shares[0]?.guest ?? '', terminal: terminal ? (app.env['TERM'] ?? '') : '' };
  const argv = startCommand({ user, isAgents }, place, command);
  if (app.out.json) {
    const { code, timedOut, stdout, stderr } = await app.tart.capture(vm, argv, timeoutMs);
    return { said: code, timedOut, printed: { stdout, stderr } };
  }
  using limit = limitTime(app.clock, timeoutMs);
  const said = await app.tart.session(vm, argv, { terminal, signal: limit.signal });
  return { said, timedOut: limit.signal.aborted };
}

/** Returns the login, and whether the agent, a process of the image's user, runs as that user. */
function loginOf(app: App, vm: string) {
  const { user } = credentialsOf(app, vm);
  return { user, isAgents: user === IMAGE_CREDENTIALS.user };
}
