import { expect, test } from 'bun:test';
import { FileError } from '../../../src/system/file-error.ts';
import type { Failure } from '../../../src/ui/failure.ts';
import { createJsonOutput } from '../../../src/ui/json-output.ts';
import { capturedStdio } from './captured.ts';

const FAILURE: Failure = {
  code: 'busy',
  exit: 1,
  message: 'VM \x1b[31mlab',
  hint: "Wait, then 'rusta up lab'.",
  log: undefined,
  isAnswer: false,
};

function open(options: { readonly isFull?: boolean; readonly verbose?: boolean } = {}) {
  const { stdio, streams } = capturedStdio();
  const write: typeof stdio.write = (fd, bytes) => {
    if (fd === 1 && options.isFull) throw new FileError('standard output', 'written', 'ENOSPC');
    return stdio.write(fd, bytes);
  };
  const out = createJsonOutput({ stdio: { ...stdio, write }, verbose: options.verbose ?? false, log: undefined, elapsedMs: () => 12.3 });
  const events = () =>
    streams[2]
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  return { out, streams, events };
}

test('the last result is the document, and only once the command has ended well', () => {
  const { out, streams } = open();
  out.data('for people');
  out.result({ vm: 'lab', address: '192.168.64.2' });
  out.result({ vm: 'web', address: '192.168.64.3' });
  expect(streams).toEqual({ 1: '', 2: '' });
  out.succeed();
  expect(streams).toEqual({ 1: '{"schema":1,"ok":true,"result":{"vm":"web","address":"192.168.64.3"}}\n', 2: '' });
});

test('a command without a result is a bug', () => {
  expect(() => open().out.succeed()).toThrow('the command has no result');
});

test('a failure after a result is the only document', () => {
  const { out, streams } = open();
  out.result({ vm: 'lab', address: '192.168.64.2' });
  out.fail(FAILURE);
  const error = { code: 'busy', exit: 1, message: 'VM lab', hint: "Wait, then 'rusta up lab'.", next: ['rusta up lab'], log: null };
  expect(JSON.parse(streams[1])).toEqual({ schema: 1, ok: false, error });
});

test('no second document follows the first', () => {
  const { out, streams, events } = open();
  out.result({ vm: 'lab', address: '192.168.64.2' });
  out.succeed();
  const before = streams[1];
  out.fail(FAILURE);
  expect(streams[1]).toBe(before);
  expect(events()).toEqual([{ event: 'error', message: 'VM lab' }]);
});

test('where stdout takes nothing, stderr has what went wrong, once', () => {
  const { out, events } = open({ isFull: true });
  out.result({ vm: 'lab', address: '192.168.64.2' });
  expect(() => out.succeed()).toThrow(FileError);
  out.fail(FAILURE);
  expect(events()).toEqual([{ event: 'error', message: 'VM lab' }]);
});

test('where a failure cannot be written, stderr has both reasons', () => {
  const { out, events } = open({ isFull: true });
  out.fail(FAILURE);
  expect(events()).toEqual([{ event: 'error', message: expect.stringMatching(/^VM lab\n.*standard output/) }]);
});

test('all that is said is an event', () => {
  const { out, events } = open({ verbose: true });
  out.step('[3/6] Installing packages');
  out.ok("VM 'lab' is ready");
  out.skip('there already');
  out.notice('n');
  out.notice('');
  out.warn('w');
  out.error('e', 'hint');
  out.trace('t');
  out.program('shown', true);
  out.program('hidden', false);
  const progress = { event: 'progress', step: null, of: null, elapsed_ms: 12 };
  expect(events()).toEqual([
    { ...progress, title: 'Installing packages', state: 'started', step: 3, of: 6 },
    { ...progress, title: "VM 'lab' is ready", state: 'done' },
    { ...progress, title: 'there already', state: 'skipped' },
    { event: 'notice', message: 'n' },
    { event: 'warning', message: 'w' },
    { event: 'error', message: 'e\nhint' },
    { event: 'trace', message: 't' },
    { event: 'output', message: 'shown' },
  ]);
});

test('traces need --verbose', () => {
  const { out, events } = open();
  out.trace('t');
  expect(events()).toEqual([]);
});
