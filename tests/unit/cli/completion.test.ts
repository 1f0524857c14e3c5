import { expect, test } from 'bun:test';
import { candidates } from '../../../src/cli/completion/candidates.ts';
import { LEAVES, WORDS } from './leaves.ts';

const values = async (...words: string[]) => (await candidates(words)).fixed.map(({ value }) => value);
const lookup = async (...words: string[]) => (await candidates(words)).lookup;

test('the first word: every command of the help, and no hidden one', async () => {
  expect(await values('')).toEqual([...WORDS]);
  expect(await values('--log', 'file', '')).toEqual([...WORDS]);
});

test('flags: those of the level, each once', async () => {
  expect(await values('--')).toEqual(['--verbose', '--log', '--json', '--no-input', '--help', '--version']);
  expect(await values('down', 'lab', '-')).toEqual(['--force', '--timeout', '--verbose', '--log', '--json', '--no-input', '--help']);
  expect(await values('down', '-f', '--timeout', '5', '-')).toEqual(['--verbose', '--log', '--json', '--no-input', '--help']);
});

test('behind help: commands and topics', async () => {
  expect(await values('help', '')).toEqual([...WORDS, 'agents', 'json', 'exit-codes', 'environment']);
  expect(await values('help', 'up', '')).toEqual([]);
});

test.each([
  [['up', ''], 'vms'],
  [['up', '--verbose', 'la'], 'vms'],
  [['delete', ''], 'vms'],
  [['create', ''], undefined],
  [['create', '--version', ''], 'versions'],
  [['create', '--version='], 'versions'],
  [['create', '--image', 'u'], 'images'],
  [['versions', '--source', ''], 'sources'],
  [['source', 'rm', ''], 'sources'],
  [['source', 'add', ''], undefined],
  [['image', 'move', ''], 'images'],
  [['image', 'move', 'ubuntu', ''], undefined],
  [['list', '--log', ''], 'files'],
  [['down', '--timeout', ''], undefined],
  [['down', '--timeout', '5', ''], 'vms'],
  [['down', '--timeout=5', ''], 'vms'],
  [['up', 'lab', ''], undefined],
  [['ssh', 'lab', '--', ''], undefined],
  [['no-such-command', ''], undefined],
] as const)('%j asks for %s', async (words, expected) => {
  expect(await lookup(...words)).toBe(expected);
});

test('what follows -- belongs to another program', async () => {
  expect(await values('ssh', 'lab', '--', '-')).toEqual([]);
});

test('a few words to choose from: flags whose value may be left out, and arguments', async () => {
  const desktops = await values('create', '--gui', '');
  expect(desktops).toContain('lightdm');
  expect(await values('create', '--gui=l')).toEqual(desktops.map((name) => `--gui=${name}`));
  expect(await values('create', '--gui', 'lightdm', '')).toEqual([]);
  expect(await lookup('up', '--gui', '')).toBe('vms');
  expect(await values('set-gui', 'lab', '')).toEqual(['on', 'off']);
});

test('actions complete like commands', async () => {
  expect(await values('source', '')).toEqual(['list', 'add', 'rm', 'move']);
  expect(await values('source', 'no', '')).toEqual([]);
});

test.each(LEAVES)('%s: each flag is offered, and where a word is awaited no flag is', async (name, leaf) => {
  const { args } = await leaf.load();
  const offered = await values(...name.split(' '), '--');
  expect(offered).toEqual([...new Set(offered)]);
  for (const [key, def] of Object.entries(args)) {
    if (def.type !== 'string' || def.bare !== undefined) continue;
    const flag = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    expect(offered).toContain(flag);
    expect(await values(...name.split(' '), flag, '--')).toEqual([]);
  }
});
