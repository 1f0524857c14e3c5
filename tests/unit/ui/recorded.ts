import type { Stdio } from '../../../src/system/terminal/stdio.ts';
import { showOn } from '../../sandbox/screen.ts';

/** Streams that remember what was written, as a terminal of some width would show it. */
export function recordedStdio(width: number, isTerminal = true) {
  let columns = width;
  let output = '';
  const stdio: Stdio = {
    write(_, bytes) {
      // The terminal's driver returns the carriage.
      output += String(bytes).replaceAll('\n', '\r\n');
      return true;
    },
    isTerminal: () => isTerminal,
    hasLostReader: () => false,
    relay: () => Promise.reject(new Error('nothing to join')),
    columns: () => columns,
  };
  return {
    stdio,
    raw: () => output,
    screen: () => showOn(columns, output).lines,
    resize(to: number) {
      columns = to;
      output = '';
    },
  };
}
