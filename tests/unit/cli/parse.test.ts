import { describe, expect, test } from 'bun:test';
import { parseLine } from '../../../src/cli/parse.ts';
import { UsageError } from '../../../src/errors.ts';
import { LEAVES } from './leaves.ts';

async function parse(line: string | readonly string[]) {
  const [name = '', ...rest] = typeof line === 'string' ? line.split(' ') : line;
  const leaf = await LEAVES.find(([words]) => words === name)?.[1].load();
  if (leaf === undefined) throw new Error(`no command ${name}`);
  return parseLine(leaf, rest);
}

describe('what citty gets', () => {
  const cases: [line: string, rawArgs: string[]][] = [
    ['up', []],
    ['up lab', ['lab']],
    ['up -G lab', ['--graphical', 'lab']],
    ['up lab --gui', ['--graphical', 'lab']],
    ['up --graphics lab', ['--graphical', 'lab']],
    ['up --no-gui lab', ['--headless', 'lab']],
    ['up lab --no-graphics', ['--headless', 'lab']],
    ['down -f lab', ['--force', 'lab']],
    ['down --timeout 5', ['--timeout=5']],
    ['down lab --timeout=5', ['--timeout=5', 'lab']],
    ['delete -y lab', ['--yes', 'lab']],
    ['delete --force-running lab -y', ['--forceRunning', '--yes', 'lab']],
    ['create --image-ref ghcr.io/a/b:c lab', ['--imageRef=ghcr.io/a/b:c', 'lab']],
    ['create --password=-x=y lab', ['--password=-x=y', 'lab']],
    ['up --verbose lab --log out.txt', ['lab']],
    ['create --gui', ['--gui=ubuntu-desktop']],
    ['create --gui lab', ['--gui=ubuntu-desktop', 'lab']],
    ['create lab --gui', ['--gui=ubuntu-desktop', 'lab']],
    ['create --gui xubuntu-desktop', ['--gui=xubuntu-desktop']],
    ['create --gui xubuntu-desktop lab', ['--gui=xubuntu-desktop', 'lab']],
    ['create lab --gui lightdm', ['--gui=lightdm', 'lab']],
    ['create --gui=lightdm lab', ['--gui=lightdm', 'lab']],
    ['create lightdm --gui', ['--gui=ubuntu-desktop', 'lightdm']],
    ['create --gui --cpus 4 lab', ['--gui=ubuntu-desktop', '--cpus=4', 'lab']],
    ['create --gui --verbose lab', ['--gui=ubuntu-desktop', 'lab']],
    ['create --password=--gui lab', ['--password=--gui', 'lab']],
    ['create --gui ubuntu-desktop-2404', ['--gui=ubuntu-desktop', 'ubuntu-desktop-2404']],
  ];
  test.each(cases)('%s', async (line, rawArgs) => {
    expect((await parse(line)).rawArgs).toEqual(rawArgs);
  });
});

test('global flags stand anywhere before --', async () => {
  expect((await parse('up lab --verbose --log a.log')).globals).toEqual({ verbose: true, log: 'a.log', help: false });
  expect((await parse('up --log=a.log lab')).globals.log).toBe('a.log');
});

test('words after -- are the remote command, whatever they look like', async () => {
  const line = await parse(['ssh', 'lab', '--', 'ls', '--help', '-h', '--', '--log']);
  expect(line.words).toEqual(['ls', '--help', '-h', '--', '--log']);
  expect(line.globals).toEqual({ verbose: false, log: undefined, help: false });
});

test('--help beats every mistake', async () => {
  expect((await parse('up --bogus a b c -h')).globals.help).toBe(true);
});

describe('bad usage names the offending word', () => {
  const cases: [line: readonly string[], named: string][] = [
    [['up', '--bogus'], "'--bogus'"],
    [['up', '-x'], "'-x'"],
    [['up', 'a', 'b'], "'b'"],
    [['up', '-G', '--gui'], "'--gui' is given twice"],
    [['up', '--graphical', '--no-gui'], "'--graphical' and '--no-gui'"],
    [['up', '--graphical=yes'], "'--graphical' takes no value"],
    [['up', '--no-graphical'], "'--no-graphical'"],
    [['up', '--', 'x'], "nothing after '--'"],
    [['up', '--log'], "'--log' needs a value"],
    [['up', '--log='], "'--log' needs a value"],
    [['up', '--log', '--verbose'], "'--log' needs a value"],
    [['down', '--timeout', '0'], "not '0'"],
    [['down', '--timeout', '-1'], "not '-1'"],
    [['down', '--timeout', '1.5'], "not '1.5'"],
    [['down', '--timeout', '1e3'], "not '1e3'"],
    [['down', '--timeout', '9999999999999999'], "not '9999999999999999'"],
    [['create', '--cpus', '--memory', '4'], "'--cpus' needs a value"],
    [['create', '--constructor'], "'--constructor'"],
    [['create', '--gui=kde', 'lab'], "--gui accepts: ubuntu-desktop, xubuntu-desktop, lubuntu-desktop, lightdm; not 'kde'"],
    [['create', '--gui='], "--gui accepts: ubuntu-desktop, xubuntu-desktop, lubuntu-desktop, lightdm; not ''"],
    [['create', '--gui=Lightdm'], "not 'Lightdm'"],
    [
      ['create', '--gui', 'kubuntu-desktop', 'lab'],
      "--gui accepts: ubuntu-desktop, xubuntu-desktop, lubuntu-desktop, lightdm; not 'kubuntu-desktop'",
    ],
    [['create', '--gui', 'gnome', 'lab'], "--gui accepts: ubuntu-desktop, xubuntu-desktop, lubuntu-desktop, lightdm; not 'gnome'"],
    [['create', '--gui', 'kubuntu-desktop'], '--gui accepts:'],
    [['create', 'lab', '--gui', 'lightdn'], '--gui accepts:'],
    [['create', '--gui', '--gui=lightdm'], "'--gui' is given twice"],
    [['create', 'lab', '--cpus', '--gui'], "'--cpus' needs a value"],
    [['delete'], 'VM name is required'],
  ];
  test.each(cases)('%p', async (line, named) => {
    const error = await parse(line).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toHaveProperty('message', expect.stringContaining(named));
    expect(error).toHaveProperty('hint', expect.stringContaining(`Run 'rusta ${line[0]} --help'.`));
  });
});

test('a mistyped flag is recognised', async () => {
  expect(await parse('down --tiemout 5').catch((error: unknown) => error)).toHaveProperty('hint', expect.stringContaining("'--timeout'"));
});
