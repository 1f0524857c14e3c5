import { describe, expect, test } from 'bun:test';
import { parseLine } from '../../../src/cli/parse.ts';
import { UsageError } from '../../../src/errors.ts';
import { LEAVES } from './leaves.ts';

async function parse(line: string | readonly string[]) {
  const [name = '', ...rest] = typeof line === 'string' ? line.split(' ') : line;
  const command = await LEAVES.find(([words]) => words === name)?.[1].load();
  if (command === undefined) throw new Error(`no command ${name}`);
  return parseLine(name, command, rest);
}

/** What is given, without what was left out and has no default. */
async function args(line: string | readonly string[]) {
  const parsed = await parse(line);
  if (parsed.help) throw new Error(`${line} asks for help`);
  const isGiven = (key: string, value: unknown) =>
    value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0 && key !== 'passthrough');
  return Object.fromEntries(Object.entries(parsed.args).filter(([key, value]) => isGiven(key, value)));
}

describe('a command gets typed values', () => {
  const cases: [line: string, values: Record<string, unknown>][] = [
    ['up', {}],
    ['up lab', { vm: 'lab' }],
    ['up -G lab', { graphical: true, vm: 'lab' }],
    ['up lab --gui', { graphical: true, vm: 'lab' }],
    ['up --graphics lab', { graphical: true, vm: 'lab' }],
    ['up --no-gui lab', { noGui: true, vm: 'lab' }],
    ['up lab --no-graphics', { noGui: true, vm: 'lab' }],
    ['up --verbose lab --log out.txt', { vm: 'lab' }],
    ['run --env A --env=B --timeout 2m', { env: ['A', 'B'], timeout: 120_000, passthrough: [] }],
    ['run', { passthrough: [] }],
    [
      'up --share a --share=b:/srv:ro',
      {
        share: [
          { host: 'a', guest: undefined, readOnly: false },
          { host: 'b', guest: '/srv', readOnly: true },
        ],
      },
    ],
    ['down -f lab', { force: true, vm: 'lab', timeout: 60_000 }],
    ['down --timeout 5', { timeout: 5_000 }],
    ['down lab --timeout=5', { timeout: 5_000, vm: 'lab' }],
    ['delete -y lab', { yes: true, vm: 'lab' }],
    ['delete --force-running lab -y', { forceRunning: true, yes: true, vm: 'lab' }],
    ['set-gui lab on', { vm: 'lab', state: true }],
    ['ssh lab', { vm: 'lab', passthrough: [] }],
    ['logs -f', { follow: true }],
    ['default', {}],
  ];
  test.each(cases)('%s', async (line, values) => {
    expect(await args(line)).toEqual(values);
  });

  test('a new item of a list gets its one spelling; one that is there is looked for as it is said, and its place is a number', async () => {
    expect(await args(['source add', 'GHCR.io/a/ubuntu/'])).toEqual({ item: 'ghcr.io/a' });
    expect(await args(['source move', 'GHCR.io/a/ubuntu/', '2'])).toEqual({ item: 'GHCR.io/a/ubuntu/', pos: 2 });
  });
});

describe('create gets typed values, and nothing for what was not asked', () => {
  const desktop = (name: string) => expect.objectContaining({ name });
  const cases: [line: string, values: Record<string, unknown>][] = [
    ['', {}],
    ['--image-ref ghcr.io/a/b:c lab', { imageRef: 'ghcr.io/a/b:c', vm: 'lab' }],
    ['--password=-x=y lab', { password: '-x=y', vm: 'lab' }],
    ['--gui', { gui: desktop('ubuntu-desktop') }],
    ['--gui lab', { gui: desktop('ubuntu-desktop'), vm: 'lab' }],
    ['lab --gui', { gui: desktop('ubuntu-desktop'), vm: 'lab' }],
    ['--gui xubuntu-desktop', { gui: desktop('xubuntu-desktop') }],
    ['--gui xubuntu-desktop lab', { gui: desktop('xubuntu-desktop'), vm: 'lab' }],
    ['lab --gui lightdm', { gui: desktop('lightdm'), vm: 'lab' }],
    ['--gui=lightdm lab', { gui: desktop('lightdm'), vm: 'lab' }],
    ['lightdm --gui', { gui: desktop('ubuntu-desktop'), vm: 'lightdm' }],
    ['--gui --cpus 4 lab', { gui: desktop('ubuntu-desktop'), cpus: 4, vm: 'lab' }],
    ['--gui --verbose lab', { gui: desktop('ubuntu-desktop'), vm: 'lab' }],
    ['--password=--gui lab', { password: '--gui', vm: 'lab' }],
    ['--gui ubuntu-desktop-2404', { gui: desktop('ubuntu-desktop'), vm: 'ubuntu-desktop-2404' }],
  ];
  test.each(cases)('create %s', async (line, values) => {
    expect(await args(`create ${line}`.trim())).toEqual(values);
  });
});

test('global flags stand anywhere before --', async () => {
  expect(await parse('up lab --verbose --log a.log')).toMatchObject({ globals: { verbose: true, log: 'a.log' } });
  expect(await parse('up --log=a.log lab')).toMatchObject({ globals: { verbose: false, log: 'a.log' } });
});

test('words after -- are the remote command, whatever they look like', async () => {
  expect(await parse(['ssh', 'lab', '--', 'ls', '--help', '-h', '--', '--log'])).toMatchObject({
    help: false,
    globals: { verbose: false, log: undefined },
    args: { vm: 'lab', passthrough: ['ls', '--help', '-h', '--', '--log'] },
  });
});

test.each(['up --bogus a b c -h', 'up --log --help', 'down --timeout -h', 'up -Gh'])('--help beats every mistake: %s', async (line) => {
  expect(await parse(line)).toEqual({ help: true });
});

describe('bad usage names the offending word', () => {
  const cases: [line: readonly string[], named: string][] = [
    [['up', '--bogus'], "'--bogus'"],
    [['up', '-x'], "'-x'"],
    [['up', 'a', 'b'], "'b'"],
    [['up', '-G', '--gui'], "'--gui' is given twice"],
    [['run', '--env', 'A', '--env'], "'--env' needs a value"],
    [['run', '--env', 'A', '--env=1'], "'--env' takes the name of a variable"],
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
    [['up', 'a/b'], "invalid VM name 'a/b'"],
    [['create', 'lab', '--user', '-oProxyCommand=x'], "'--user' needs a value"],
    [['create', 'lab', '--password=a\nb'], 'a password is one line'],
    [['set-gui', 'lab', 'maybe'], "set-gui accepts: on, off; not 'maybe'"],
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
