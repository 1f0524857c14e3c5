import { describe, expect, test } from 'bun:test';
import { colorsFor } from '../../../src/ui/colors.ts';
import { createLiveLine, fitLine } from '../../../src/ui/live-line.ts';
import { recordedStdio } from './recorded.ts';

describe('the line fits, with room for the ^C that a terminal echoes', () => {
  test.each([
    ['all of it', 41, 'Installing git', 'Get:1 git', '3 s  Installing git', '  Get:1 git'],
    ['the detail is cut', 40, 'Installing git', 'Get:1 http://mirror', '3 s  Installing git', '  Get:1 http:…'],
    ['no room for a detail', 33, 'Installing git', 'Get:1 git', '3 s  Installing git', ''],
    ['the title is cut', 20, 'Installing git', 'Get:1 git', '3 s  Install…', ''],
    ['the time alone', 11, 'Installing git', 'x', '3 s…', ''],
    ['hardly a terminal', 5, 'Installing git', 'x', '', ''],
    ['wide letters count twice', 24, '日本語日本語日本語', '', '3 s  日本語日本…', ''],
    ['tabs, escapes and line ends', 60, 'a', 'b\t\x1b[31mc\x1b[0m\r\nd', '3 s  a', '  b c d'],
  ])('%s', (_, columns, title, detail, head, rest) => {
    expect(fitLine({ time: '3 s', title, detail }, columns)).toEqual({ head, detail: rest });
  });
});

function record(columns: number) {
  const { stdio, ...terminal } = recordedStdio(columns);
  const live = createLiveLine({ stdio, fd: 1, colors: colorsFor(false) });
  return { live, print: (text: string) => live.above(() => stdio.write(1, text)), ...terminal };
}

test('other lines go above it, and nothing of it is left in the end', () => {
  const { live, print, screen } = record(60);
  live.set({ time: '0 s', title: 'one', detail: 'a long detail' });
  print('first\n');
  expect(screen()).toEqual(['first', '==> 0 s  one  a long detail']);
  live.set({ time: '0 s', title: 'one', detail: 'short' });
  print('second\n');
  expect(screen()).toEqual(['first', 'second', '==> 0 s  one  short']);
  live.set(undefined);
  print('third\n');
  expect(screen()).toEqual(['first', 'second', 'third']);
});

test('what stands there already is not written again', () => {
  const { live, raw } = record(60);
  live.set({ time: '0 s', title: 'one', detail: '' });
  const before = raw();
  live.set({ time: '0 s', title: 'one', detail: '' });
  expect(raw()).toBe(before);
});

test('after the terminal became narrower, all rows of the broken line go', () => {
  const { live, resize, raw } = record(40);
  live.set({ time: '0 s', title: 'twenty letters long!', detail: '' });
  resize(10);
  live.set(undefined);
  // 29 cells are three rows of ten: the last, and two above it.
  expect(raw()).toBe('\r\x1b[K\x1b[A\x1b[K\x1b[A\x1b[K');
});
