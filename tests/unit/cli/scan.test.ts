import { describe, expect, test } from 'bun:test';
import { flagsBySpelling } from '../../../src/cli/flags.ts';
import { scan, type Token } from '../../../src/cli/scan.ts';

const flags = flagsBySpelling({
  yes: { type: 'boolean', alias: ['y'], description: '' },
  force: { type: 'boolean', alias: ['f'], description: '' },
  log: { type: 'string', valueHint: 'file', description: '' },
  gui: { type: 'string', valueHint: 'pkg', bare: 'small', choices: ['small', 'large'], description: '' },
});

/** A token in short: `--log`, `unknown -x`, `=value`, `word`, `word?`, `-- rest`. */
function short(token: Token): string {
  switch (token.kind) {
    case 'flag':
      return token.flag === undefined ? `unknown ${token.spelling}` : token.spelling;
    case 'value':
      return `=${token.text}`;
    case 'value?':
      return `${token.text}?`;
    case 'word':
      return token.text;
    case 'rest':
      return ['--', ...token.words].join(' ');
  }
}

describe('each word is what the flags make it', () => {
  const cases: [words: string[], tokens: string[]][] = [
    [[], []],
    [
      ['up', 'lab'],
      ['up', 'lab'],
    ],
    [
      ['-', ''],
      ['-', ''],
    ],
    [
      ['--yes', 'lab'],
      ['--yes', 'lab'],
    ],
    [['--yes=no'], ['--yes', '=no']],
    [
      ['-yf', 'lab'],
      ['-y', '-f', 'lab'],
    ],
    [['-yxf'], ['-y', 'unknown -x']],
    [['-1'], ['unknown -1']],
    [
      ['--bogus', 'lab'],
      ['unknown --bogus', 'lab'],
    ],
    [['--bogus=1'], ['unknown --bogus', '=1']],
    [['--=1'], ['unknown --=1']],
    [
      ['--log', 'up', 'lab'],
      ['--log', '=up', 'lab'],
    ],
    [
      ['--log=a=b', 'lab'],
      ['--log', '=a=b', 'lab'],
    ],
    [
      ['--log', ''],
      ['--log', '='],
    ],
    [
      ['--log', '-'],
      ['--log', '=-'],
    ],
    [
      ['--log', '-5'],
      ['--log', '=-5'],
    ],
    [
      ['--log', '--yes'],
      ['--log', '--yes'],
    ],
    [
      ['--log', '-y'],
      ['--log', '-y'],
    ],
    [
      ['--log', '--gui', 'large'],
      ['--log', '--gui', '=large'],
    ],
    [
      ['--gui', 'large', 'lab'],
      ['--gui', '=large', 'lab'],
    ],
    [
      ['--gui', 'lab', 'large'],
      ['--gui', 'lab?', 'large'],
    ],
    [
      ['--gui', '--yes', 'large'],
      ['--gui', '--yes', 'large'],
    ],
    [['--gui=lab'], ['--gui', '=lab']],
    [['--gui='], ['--gui', '=']],
    [
      ['lab', '--', '--yes', '--'],
      ['lab', '-- --yes --'],
    ],
    [
      ['--log', '--', 'x'],
      ['--log', '-- x'],
    ],
    [['--'], ['--']],
  ];
  test.each(cases)('%j', (words, tokens) => {
    expect(scan(words, flags).map(short)).toEqual(tokens);
  });
});
