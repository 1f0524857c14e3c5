import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mac } from '../sandbox/mac.ts';
import { waitUntil } from '../sandbox/wait.ts';

/** A process that is not rusta's, and notes every signal that reaches it; death by SIGKILL shows by its absence. */
export interface Decoy extends Disposable {
  readonly pid: number;
  /** The signals that it got until now, SIGKILL among them. */
  signals(): Promise<string[]>;
}

const NOTED = ['INT', 'TERM', 'HUP', 'USR1', 'USR2', 'QUIT'];
/** Sent by `signals` itself: what was sent before it is noted by then. */
const SYNC = 'ALRM';

/** A command line as `ps` is to show it; `SCRIPT` stands for the decoy's own text, else the first argument names a file with it. */
export type Words = readonly [program: string, ...rest: string[]];

/** `as` another user only if this is root. */
export async function startDecoy(mac: Mac, [program, ...rest]: Words, as?: number): Promise<Decoy> {
  // Not below the Mac, which is private: another user must come here too.
  const folder = mkdtempSync('/tmp/decoy-');
  chmodSync(folder, 0o777);
  const notes = join(folder, 'notes');
  const script = scriptNoting(notes);
  const argv = rest.map((word) => word.replace('SCRIPT', script));
  // A shell reads the file that its first word names.
  const file = argv[0]?.startsWith('-') ? undefined : argv[0];
  if (file !== undefined) writeScript(folder, file, script);
  const user = as === undefined ? [] : [Bun.which('setpriv') ?? 'setpriv', `--reuid=${as}`, `--regid=${as}`, '--clear-groups'];
  const proc = Bun.spawn({
    cmd: [...user, '/bin/sh', ...argv],
    ...(as === undefined ? { argv0: program } : {}),
    cwd: folder,
    env: { ...mac.env },
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const noted = () => (existsSync(notes) ? readFileSync(notes, 'utf8') : '').split('\n').filter(Boolean);
  await waitUntil('the decoy', () => noted().includes('ready'));
  return {
    pid: proc.pid,
    async signals() {
      proc.kill(`SIG${SYNC}`);
      await waitUntil('the decoy to answer', () => proc.signalCode !== null || noted().includes(SYNC));
      const end = proc.signalCode === null ? [] : [String(proc.signalCode)];
      return [...noted().filter((name) => name !== 'ready' && name !== SYNC), ...end];
    },
    [Symbol.dispose]: () => {
      proc.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    },
  };
}

function scriptNoting(notes: string): string {
  const traps = [...NOTED, SYNC].map((name) => `trap 'echo ${name} >> ${notes}' ${name}`);
  // By its path: another user cannot look into the PATH of the Mac, and would go round without a pause.
  const sleep = Bun.which('sleep') ?? 'sleep';
  // `wait` is cut short by a signal, so that it is noted at once.
  return `${traps.join('; ')}; echo ready >> ${notes}; while :; do ${sleep} 1 & wait $!; done`;
}

function writeScript(folder: string, file: string, script: string): void {
  const path = join(folder, file);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `${script}\n`, { mode: 0o755 });
}
