import type { App } from './app.ts';
import type { AppOptions } from './cli/context.ts';
import { RustaError } from './errors.ts';
import { createPaths } from './state/paths.ts';
import { createPidFiles } from './state/pid.ts';
import { createSshFiles } from './state/ssh/files.ts';
import { createStore } from './state/store.ts';
import { createVmLocks } from './state/vm-lock.ts';
import { systemClock } from './system/clock.ts';
import { findUndecoded } from './system/environment.ts';
import { freeBytes } from './system/files/disk.ts';
import { pathExists } from './system/files/files.ts';
import { isRootAtHomeOf } from './system/files/left-by-root.ts';
import { keepIgnoredSignals } from './system/ignored-signals.ts';
import { listenForInterrupts } from './system/interrupt.ts';
import { loadLibc } from './system/libc.ts';
import { ownPath } from './system/own-path.ts';
import type { RunnerContext } from './system/programs/command.ts';
import { systemProcesses } from './system/programs/processes.ts';
import { createRunner } from './system/programs/runner.ts';
import { createPromptStreams } from './system/terminal/prompt-streams.ts';
import { watchReader } from './system/terminal/reader.ts';
import type { Stdio } from './system/terminal/stdio.ts';
import { createTimeouts } from './system/timeouts.ts';
import { createDocker } from './tools/docker.ts';
import { createBrew } from './tools/homebrew/brew.ts';
import { withHomebrew } from './tools/homebrew/path.ts';
import { createRegistry } from './tools/registry.ts';
import { createSshKeygen } from './tools/ssh/keygen.ts';
import { createSsh } from './tools/ssh/ssh.ts';
import { createTartFiles } from './tools/tart/files.ts';
import { createTartProcesses } from './tools/tart/process.ts';
import { createTart } from './tools/tart/tart.ts';
import { jsonLine } from './ui/document.ts';
import { createJsonOutput } from './ui/json-output.ts';
import { type LogSink, logPath, openLogSink } from './ui/log-sink.ts';
import { createOutput, type Output } from './ui/output.ts';
import { createProgress } from './ui/progress.ts';
import { createPrompter, whyNotToAsk } from './ui/prompt.ts';
import { createTrace } from './ui/trace.ts';
import { TIMEOUTS } from './vm/waits/waits.ts';

export interface World {
  readonly env: Readonly<Record<string, string>>;
  readonly stdio: Stdio;
}

/** Throws RustaError for an environment in which rusta would do harm. */
export function assertUsable(env: World['env']): void {
  const undecoded = findUndecoded([env['HOME'] ?? '', env['TART_HOME'] ?? '']);
  if (undecoded !== undefined) throw new RustaError('environment_invalid', `'${undecoded}', in HOME or TART_HOME, is not UTF-8`);
  const home = env['HOME'];
  if (home === undefined || !isRootAtHomeOf(home)) return;
  // The owner of that home could no longer change files that root wrote there: neither rusta's records nor Tart's VMs.
  throw new RustaError('environment_invalid', `rusta runs as root, but HOME is ${home}, which belongs to somebody else`, {
    hint: 'Run it without sudo.',
  });
}

/** Makes the writer that a command line asks for. Throws RustaError if its log cannot be written. */
export function composeOutput({ env, stdio }: World, { verbose, log, json, progressTo }: AppOptions): Output {
  const create = (sink: LogSink | undefined) =>
    json
      ? createJsonOutput({ stdio, verbose, log: sink, elapsedMs: () => performance.now() })
      : createOutput({ stdio, env, verbose, progressTo, log: sink });
  if (log === undefined) return create(undefined);
  const file = logPath(log, env['HOME']);
  const notice = `Logging all output to ${file}`;
  const sink = openLogSink(file, notice, (message) => out.warn(message));
  const out = create(sink);
  stdio.write(2, json ? jsonLine({ event: 'notice', message: notice }) : `${notice}\n`);
  return out;
}

/** Builds everything that a command may use, once. */
export function composeApp({ env, stdio }: World, out: Output, options: AppOptions): App {
  const { verbose } = options;
  const ignored = keepIgnoredSignals(loadLibc());
  const interrupt = listenForInterrupts({ ignored, onReaderGone: (listener) => watchReader(stdio, listener) });
  const clock = systemClock;
  const timeouts = createTimeouts(env);
  const paths = createPaths(env);
  const tartFiles = createTartFiles(paths.tartHome);
  const progress = createProgress(out, clock);
  const programs: RunnerContext = {
    env: childEnvironment(env, paths.tartHome),
    interrupt,
    ignored,
    clock,
    stdio,
    trace: createTrace(out, clock),
    occupyTerminal: progress.stepAside,
    tee: out.tee,
  };
  const runner = createRunner(programs);
  return {
    out,
    progress,
    prompt: createPrompter({
      streams: createPromptStreams(stdio),
      isDumb: env['TERM'] === 'dumb',
      refusal: whyNotToAsk(stdio, env, options),
      interrupt,
      clock,
      occupyTerminal: progress.stepAside,
      tee: out.tee,
    }),
    tart: createTart(runner, paths.tartHome),
    tartProcesses: createTartProcesses(runner, systemProcesses),
    tartFiles,
    brew: createBrew({ runner, out, progress, processes: systemProcesses }),
    ssh: createSsh(createRunner({ ...programs, env: withoutLocale(programs.env) }), verbose, paths.sshLog),
    sshKeygen: createSshKeygen(runner),
    docker: createDocker(runner),
    registry: createRegistry(clock, () => timeouts.of(TIMEOUTS.registry)),
    store: createStore(paths, clock, tartFiles),
    sshFiles: createSshFiles(env, paths.sshConfigLock, clock),
    pids: createPidFiles(paths),
    locks: createVmLocks(paths, { clock, interrupt, processes: systemProcesses }),
    paths,
    runner,
    processes: systemProcesses,
    clock,
    timeouts,
    interrupt,
    stdio,
    env,
    verbose,
    program: ownPath(programs.env['PATH'] ?? ''),
    freeBytes,
  };
}

/**
 * Returns the environment of ssh. ssh would send the Mac's locale, which the guest may lack, and its programs would complain: the guest's
 * own locale counts.
 */
function withoutLocale(env: World['env']): World['env'] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(?:LC_.*|LANG|LANGUAGE)$/.test(name)));
}

/** Returns the environment of programs. They may be started in another folder than the user's, so a relative TART_HOME becomes absolute. */
function childEnvironment(env: World['env'], tartHome: string): World['env'] {
  const found = withHomebrew(env, pathExists);
  return env['TART_HOME'] === undefined ? found : { ...found, TART_HOME: tartHome };
}
