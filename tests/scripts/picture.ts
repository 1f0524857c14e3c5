/**
 * `bun tests/scripts/picture.ts`: the README's terminal picture, from a real run of dist/rusta in tmux. The guest boots where
 * this machine can have one (Linux as root), as in the demo.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac } from '../sandbox/mac.ts';
import { ensureBase } from '../sandbox/system/base.ts';
import { whyUnsupported } from '../sandbox/system/packages.ts';
import { waitUntil } from '../sandbox/wait.ts';
import { toSvg } from './picture-svg.ts';
import { ROOT } from './steps.ts';

const COLUMNS = 84;
const ROWS = 40;
const STEP_MS = 300_000;
const COMMANDS = ['rusta create lab', 'rusta up lab', 'rusta list', 'rusta ssh lab -- uptime', 'rusta down lab'];

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
// A prompt on a line of its own is the end of the command before it.
const prompts = () =>
  Bun.stripANSI(screen())
    .split('\n')
    .filter((line) => line.startsWith('$')).length;

tmux('new-session', '-d', '-x', String(COLUMNS), '-y', String(ROWS), 'sh');
try {
  // What a shell takes for its prompt from the environment depends on the user.
  tmux('send-keys', "PS1='$ '; clear", 'Enter');
  await waitUntil('a prompt', () => Bun.stripANSI(screen()) === '$', STEP_MS, screen);
  for (const [index, command] of COMMANDS.entries()) {
    tmux('send-keys', command, 'Enter');
    await waitUntil(`the end of ${command}`, () => prompts() === index + 2, STEP_MS, screen);
  }
  const lines = screen().split('\n').slice(0, -1);
  writeFileSync(join(ROOT, '.github', 'terminal.svg'), toSvg(lines, COLUMNS));
  console.log(lines.join('\n'));
} finally {
  tmux('kill-server');
}
