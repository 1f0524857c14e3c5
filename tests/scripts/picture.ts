/**
 * `bun tests/scripts/picture.ts`: the README's terminal picture, from a real run of dist/rusta in tmux. It shows the steps of a creation, a
 * choice and a failure. The guest boots where this machine can have one (Linux as root), as in the demo.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac } from '../sandbox/mac.ts';
import { ensureBase } from '../sandbox/system/base/base.ts';
import { whyUnsupported } from '../sandbox/system/base/packages.ts';
import { waitUntil } from '../sandbox/wait.ts';
import { toSvg } from './picture-svg.ts';
import { ROOT } from './steps.ts';

const COLUMNS = 92;
const ROWS = 50;
const STEP_MS = 300_000;
/** What is typed at the shell's prompt, and at rusta's own. */
const COMMANDS: readonly { readonly line: string; readonly answer?: string }[] = [
  { line: 'rusta create lab' },
  { line: 'rusta create web --from lab' },
  { line: 'rusta up', answer: '2' },
  { line: 'rusta ssh web -- hostname' },
  { line: 'rusta ssh lab' },
  { line: 'rusta down web' },
];

const system = whyUnsupported() === undefined;
if (system) await ensureBase(console.error);
await using mac = await createMac({ knobs: { guest: system ? 'system' : 'scratch', timing: { pull: 3_000 } } });
const tmux = (...args: string[]): string => {
  const { exitCode, stdout, stderr } = Bun.spawnSync(['tmux', '-L', `picture-${process.pid}`, '-f', '/dev/null', ...args], {
    env: { ...mac.env, PATH: `${join(ROOT, 'dist')}:${mac.env['PATH']}:/usr/bin:/bin`, TERM: 'xterm-256color', LANG: 'C.UTF-8' },
    cwd: mac.home,
  });
  if (exitCode !== 0) throw new Error(`tmux ${args[0]}: ${stderr}`);
  return stdout.toString();
};
const screen = () => tmux('capture-pane', '-p', '-e').trimEnd();
const shown = () => Bun.stripANSI(screen()).split('\n');
// A prompt on a line of its own is the end of the command before it.
const prompts = () => shown().filter((line) => line.startsWith('$')).length;

tmux('new-session', '-d', '-x', String(COLUMNS), '-y', String(ROWS), 'sh');
try {
  // What a shell takes for its prompt from the environment depends on the user.
  tmux('send-keys', "PS1='$ '; clear", 'Enter');
  await waitUntil('a prompt', () => shown().join() === '$', STEP_MS, screen);
  for (const [index, { line, answer }] of COMMANDS.entries()) {
    tmux('send-keys', line, 'Enter');
    if (answer !== undefined) {
      await waitUntil(`the question of ${line}`, () => shown().at(-1)?.startsWith('> ') === true, STEP_MS, screen);
      tmux('send-keys', answer, 'Enter');
    }
    await waitUntil(`the end of ${line}`, () => prompts() === index + 2, STEP_MS, screen);
  }
  const lines = screen().split('\n').slice(0, -1);
  writeFileSync(join(ROOT, '.github', 'terminal.svg'), toSvg(lines, COLUMNS));
  console.log(lines.join('\n'));
} finally {
  tmux('kill-server');
}
