import { describe, expect, test } from 'bun:test';
import { route } from '../../../src/cli/route.ts';

const kindOf = (line: string) => {
  const found = route(line.split(' ').filter((word) => word !== ''));
  if (found.kind === 'branch help') return `help of ${found.name}`;
  return found.kind === 'command' ? `${found.name} [${found.words.join(' ')}]` : found.kind;
};

describe('route', () => {
  const cases: [line: string, found: string][] = [
    ['', 'help'],
    ['--help', 'help'],
    ['-h', 'help'],
    ['--help up', 'help'],
    ['help', 'help'],
    ['help up', 'up [--help]'],
    ['--version', 'version'],
    ['-V', 'version'],
    ['up lab', 'up [lab]'],
    ['--verbose up lab', 'up [--verbose lab]'],
    ['--log x up lab', 'up [--log x lab]'],
    ['--log=x --verbose ssh lab -- up', 'ssh [--log=x --verbose lab -- up]'],
    ['create --version 22.04', 'create [--version 22.04]'],
    ['source add x', 'source add [x]'],
    ['--verbose source --log x add y', 'source add [--verbose --log x y]'],
    ['source --verbose', 'source list [--verbose]'],
    ['source --help', 'help of source'],
    ['help source', 'help of source'],
    ['help image rm', 'image rm [--help]'],
    ['completions bash', 'completions [bash]'],
  ];
  test.each(cases)('rusta %s', (line, found) => {
    expect(kindOf(line)).toBe(found);
  });
});

describe('words that are no command', () => {
  const cases: [line: string, message: string, hint: string][] = [
    ['constructor', "unknown command 'constructor'", "Run 'rusta --help'."],
    ['__proto__', "unknown command '__proto__'", "Run 'rusta --help'."],
    ['toString', "unknown command 'toString'", "Run 'rusta --help'."],
    ['creat', "unknown command 'creat'", "'create'"],
    ['start lab', "unknown command 'start'", "'up'"],
    ['rm lab', "unknown command 'rm'", "'delete'"],
    ['shell', "unknown command 'shell'", "'ssh'"],
    ['--bogus up', "unknown flag '--bogus'", "Run 'rusta --help'."],
    ['--verbos up', "unknown flag '--verbos'", "'--verbose'"],
    ['--verbose', 'a command is required', "Run 'rusta --help'."],
    ['__complet', "unknown command '__complet'", "Run 'rusta --help'."],
    ['help bogus', "unknown command 'bogus'", "Run 'rusta --help'."],
  ];
  test.each(cases)('rusta %s', (line, message, hint) => {
    let error: unknown;
    try {
      kindOf(line);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toHaveProperty('message', message);
    expect(error).toHaveProperty('hint', expect.stringContaining(hint));
  });
});
