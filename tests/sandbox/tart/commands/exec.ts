import { existsSync } from 'node:fs';
import { type AgentConnection, dialAgent } from '../../agent/client.ts';
import { pump, terminalSize } from '../../agent/pump.ts';
import type { Context } from '../../standin/context.ts';
import { err, hang, isTerminal, write } from '../../standin/io.ts';
import { type ExecRequest, parseExec } from '../command-line/exec-arguments.ts';
import { helpOf } from '../command-line/help.ts';
import { HelpWanted } from '../command-line/parse.ts';
import { execSpec } from '../command-line/specs.ts';
import { notRunning, otherError, runtimeError } from '../errors.ts';
import { collectQuietly } from '../store/garbage.ts';
import { openHome } from '../store/home.ts';
import { lockOwner } from '../store/locks.ts';
import { localVm } from '../store/vm.ts';

export async function exec(context: Context, args: readonly string[]): Promise<number> {
  let request: ExecRequest;
  try {
    request = parseExec(args);
  } catch (error) {
    if (!(error instanceof HelpWanted)) throw error;
    write(1, helpOf(execSpec));
    return 0;
  }
  process.on('SIGINT', () => {
    err('Error: CancellationError()');
    process.exit(1);
  });
  const home = openHome();
  collectQuietly(home);
  const folder = localVm(home, request.name);
  if (lockOwner(folder) === 0) throw notRunning(request.name);
  // By a relative name: the path may be too long for a socket.
  process.chdir(folder);
  const agent = await connect(context);
  if (request.tty && !(await isTerminal(1))) await crash();
  const tty = request.tty ? { tty: terminalSize() } : {};
  const outcome = await pump(agent, { argv: request.command, stdin: request.interactive, ...tty });
  if (outcome.kind === 'exit') return outcome.code & 0xff;
  if (outcome.kind === 'silent') return 0;
  throw otherError(outcome.kind === 'failed' ? outcome.status : 'unavailable (14): Transport became inactive');
}

async function connect(context: Context): Promise<AgentConnection> {
  const { execWindow, execRetry } = context.knobs().timing;
  const growth = 1.6;
  const until = Date.now() + execWindow;
  for (let pause = execRetry; ; pause *= growth) {
    const agent = existsSync('control.sock') ? await dialAgent('control.sock') : undefined;
    if (agent) return agent;
    const left = until - Date.now();
    if (left <= 0) break;
    await Bun.sleep(Math.min(pause, left));
  }
  const why = 'The operation couldn’t be completed. (GRPC.GRPCConnectionPoolError error 1.)';
  throw runtimeError(`Failed to connect to the VM using its control socket: ${why}, is the Tart Guest Agent running?`);
}

/** `-t` asks for the size of a terminal that is not there, and traps. */
async function crash(): Promise<never> {
  err("tart/Exec.swift:99: Fatal error: 'try!' expression unexpectedly raised an error: Inappropriate ioctl for device");
  process.kill(process.pid, 'SIGTRAP');
  return await hang();
}
