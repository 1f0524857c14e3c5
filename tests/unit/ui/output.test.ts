import { describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wantsColor } from '../../../src/ui/colors.ts';
import { openLogSink } from '../../../src/ui/log-sink.ts';
import { createOutput, type OutputOptions } from '../../../src/ui/output.ts';
import { capturedStdio } from './captured.ts';

describe('colour is decided per stream: NO_COLOR, CLICOLOR_FORCE, terminal', () => {
  const cases: [env: Record<string, string>, terminal: boolean, color: boolean][] = [
    [{ TERM: 'xterm' }, true, true],
    [{ TERM: 'xterm' }, false, false],
    [{ TERM: 'dumb' }, true, false],
    [{ NO_COLOR: '1', CLICOLOR_FORCE: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ CLICOLOR_FORCE: '1', TERM: 'dumb' }, false, true],
    [{ CLICOLOR_FORCE: '0' }, false, false],
    [{ CI: 'true' }, false, false],
  ];
  test.each(cases)('%p, terminal %p: %p', (env, terminal, color) => {
    expect(wantsColor(env, terminal)).toBe(color);
  });
});

function record(options: Partial<OutputOptions> = {}) {
  const { stdio, streams } = capturedStdio();
  const out = createOutput({
    stdio,
    env: {},
    verbose: false,
    progressTo: 'stdout',
    log: undefined,
    ...options,
  });
  return { out, streams };
}

test('each kind of line has its stream and prefix', () => {
  const { out, streams } = record();
  out.data('data');
  out.step('step');
  out.ok('ok');
  out.skip('skip');
  out.notice('notice');
  out.warn('warn');
  out.error('error', 'hint');
  out.trace('not shown');
  expect(streams[1]).toBe('data\n==> step\n[ok] ok\n[skip] skip\n');
  expect(streams[2]).toBe('notice\n[warn] warn\n[error] error\nhint\n');
});

test('a data command keeps stdout for its data', () => {
  const { out, streams } = record({ progressTo: 'stderr', verbose: true });
  out.step('step');
  out.data('data');
  out.trace('+ tart list');
  expect(streams[1]).toBe('data\n');
  expect(streams[2]).toBe('==> step\n+ tart list\n');
});

test('colours are for the stream that wants them, the log never has any', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'rusta-')), 'deep', 'er', 'run.log');
  const { out, streams } = record({ env: { CLICOLOR_FORCE: '1' }, log: openLogSink(file, 'notice', () => {}) });
  out.ok('done');
  out.program('\u001b[1A\r\u001b[J 42%', false);
  expect(streams[1]).toBe('\u001b[32m[ok]\u001b[39m done\n');
  expect(readFileSync(file, 'utf8')).toBe('notice\n[ok] done\n\r 42%\n');
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
