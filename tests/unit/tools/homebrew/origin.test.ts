import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { tapOfProgram, trustedByHomebrew } from '../../../../src/tools/homebrew/origin.ts';

let root: string;
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  return join(root, path);
};
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'rusta-origin-'));
});
afterAll(() => rmSync(root, { recursive: true }));

describe('the tap of a program', () => {
  test.each([
    ['said by its receipt', '{"source":{"tap":"openai/tools","spec":"stable"}}', 'openai/tools'],
    ['not said', '{"source":{"tap":null}}', undefined],
    ['in a receipt that is broken', '{"source":', undefined],
    ['in a receipt that holds nothing', 'null', undefined],
  ])('%s', (what, receipt, expected) => {
    const keg = `Cellar/tart/${what.replaceAll(' ', '-')}`;
    write(`${keg}/INSTALL_RECEIPT.json`, receipt);
    const program = write(`${keg}/bin/tart`, '');
    const link = join(root, `tart-${what.replaceAll(' ', '-')}`);
    symlinkSync(program, link);
    expect(tapOfProgram(link)).toBe(expected);
  });

  test('of one that Homebrew did not bring, or that is gone', () => {
    expect(tapOfProgram(write('other/bin/tart', ''))).toBeUndefined();
    expect(tapOfProgram(join(root, 'nowhere/bin/tart'))).toBeUndefined();
  });
});

describe('what Homebrew trusts', () => {
  const store = '{"trustedtaps":["Openai/Tools"],"trustedformulae":["a/b/c"]}';

  test('stands in the home folder, or where XDG_CONFIG_HOME says', () => {
    write('home/.homebrew/trust.json', store);
    write('config/homebrew/trust.json', '{"trustedtaps":["x/y"]}');
    expect(trustedByHomebrew({ HOME: join(root, 'home') })).toEqual(['openai/tools', 'a/b/c']);
    expect(trustedByHomebrew({ HOME: join(root, 'home'), XDG_CONFIG_HOME: join(root, 'config') })).toEqual(['x/y']);
  });

  test.each(['[]', 'null', '{"trustedtaps":5}', 'nonsense'])('%s is nothing', (text) => {
    write('odd/.homebrew/trust.json', text);
    expect(trustedByHomebrew({ HOME: join(root, 'odd') })).toEqual([]);
  });

  test('without the file it is nothing', () => expect(trustedByHomebrew({ HOME: join(root, 'none') })).toEqual([]));
});
