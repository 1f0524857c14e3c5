import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { until } from '../../sandbox/system/fixture.ts';
import { HOST_ENV } from '../../sandbox/system/programs.ts';
import { PATIENCE_MS, TEST_MS } from '../../sandbox/wait.ts';
import { RUSTA } from '../rusta.ts';

setDefaultTimeout(TEST_MS);

/** A program in a real terminal emulator, which breaks lines anew when it is resized. */
function openTmux(mac: Mac, command: string, columns: number) {
  const name = `rusta-test-${crypto.randomUUID().slice(0, 8)}`;
  const tmux = (...args: string[]) =>
    Bun.spawnSync(['tmux', '-L', name, ...args], { env: { ...HOST_ENV, ...mac.env, PATH: HOST_ENV.PATH } }).stdout.toString();
  // A login shell may have a PATH of its own. The pane stays, for the last look.
  tmux(
    '-f',
    '/dev/null',
    'new-session',
    '-d',
    '-x',
    String(columns),
    '-y',
    '30',
    `PATH=${mac.env['PATH']} ${command}; PATH=${HOST_ENV.PATH} sleep 1000`,
  );
  const screen = () => tmux('capture-pane', '-p').trimEnd().split('\n');
  return {
    screen,
    /** How many lines have left the screen at its top, and can be scrolled back to. */
    historySize: () => Number(tmux('display-message', '-p', '#{history_size}').trim()),
    /** The screen once it is as wanted. */
    shows: (wanted: (lines: string[]) => boolean) => until(async () => (wanted(screen()) ? screen() : undefined), PATIENCE_MS),
    resize: (to: number) => void tmux('resize-window', '-x', String(to), '-y', '30'),
    cursorIsVisible: () => tmux('display-message', '-p', '#{cursor_flag}').trim() === '1',
    press: (key: string) => void tmux('send-keys', key),
    [Symbol.dispose]: () => void tmux('kill-server'),
  };
}

describe.skipIf(Bun.which('tmux') === null)('create on a terminal emulator', () => {
  test('a terminal that changes its width in the middle never shows a torn line', async () => {
    await using mac = await createMac({ knobs: { timing: { pull: 5_000 } } });
    using terminal = openTmux(mac, `${RUSTA} create lab`, 100);
    await terminal.shows(([line]) => line?.includes('0% of 0.6 GB') === true);
    for (const [columns, cut] of [
      [45, 'Cloning ghcr.io/cirruslabs/ubunt…'],
      [20, 'Cloning…'],
      [33, 'Cloning ghcr.io/cirr…'],
    ] as const) {
      terminal.resize(columns);
      const isCut = (line: string | undefined) => /^==> \d s {2}(.*)$/.exec(line ?? '')?.[1] === cut;
      expect(await terminal.shows(([line]) => isCut(line))).toHaveLength(1);
    }
    terminal.resize(120);
    const last = await terminal.shows((lines) => lines.at(-1)?.includes('is ready') === true);
    expect(last).toHaveLength(18);
    for (const line of last) expect(line).toMatch(/^(\[ok\] | {5}\w)/);
  });

  test.each(['create web', 'up lab'])('%s redraws the first row, and leaves nothing of that to scroll back to', async (command) => {
    await using mac = await createMac({ knobs: { timing: { pull: 2_500, agentUp: 2_500 } } });
    await mac.addVm('lab');
    using terminal = openTmux(mac, `${RUSTA} ${command}`, 80);
    await terminal.shows(([line]) => line?.startsWith('==> 2 s') === true);
    await terminal.shows(([line]) => line?.startsWith('[ok] ') === true);
    expect(terminal.historySize()).toBe(0);
  });

  test('after Ctrl-C the cursor is there, and every line is whole', async () => {
    await using mac = await createMac({ knobs: { timing: { pull: 60_000 } } });
    using terminal = openTmux(mac, `${RUSTA} create lab`, 80);
    await terminal.shows(([line]) => line?.includes('0% of 0.6 GB') === true);
    terminal.press('C-c');
    const last = await terminal.shows((lines) => lines.at(-1)?.startsWith('Nothing is left') === true);
    expect(last.map((line) => line.replace(/\d+ s\)/, 'n s)'))).toEqual([
      '==> Cloning ghcr.io/cirruslabs/ubuntu:24.04 (stopped after n s)',
      '[error] interrupted (SIGINT)',
      "Nothing is left of VM 'lab'. Try again with 'rusta create lab ...'.",
    ]);
    expect(terminal.cursorIsVisible()).toBe(true);
  });
});
