import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { UNWORDED } from '../rusta.ts';

let mac: Mac;
beforeAll(async () => {
  mac = await createMac();
  await mac.addVm('lab');
});
afterAll(() => mac[Symbol.asyncDispose]());

/** Command lines that are wrong, and the word that the message must name. */
const CASES: [args: string[], named: string][] = [
  [['bogus'], "'bogus'"],
  [['constructor'], "'constructor'"],
  [['__proto__'], "'__proto__'"],
  [['hasOwnProperty'], "'hasOwnProperty'"],
  [['UP'], "'UP'"],
  [[''], "''"],
  [['start', 'lab'], "'start'"],
  [['--bogus'], "'--bogus'"],
  [['--bogus', 'list'], "'--bogus'"],
  [['-x'], "'-x'"],
  [['--verbose'], 'a command is required'],
  [['--log', 'x.log'], 'a command is required'],
  [['list', 'lab'], "'lab'"],
  [['list', '--yaml'], "'--yaml'"],
  [['list', '--verbose', '--verbose'], "'--verbose' is given twice"],
  [['list', '--verbose=1'], "'--verbose' takes no value"],
  [['list', '--log'], "'--log' needs a value"],
  [['list', '--log='], "'--log' needs a value"],
  [['list', '--log', ''], "'--log' needs a value"],
  [['list', '--log', 'a', '--log', 'b'], "'--log' is given twice"],
  [['list', '--', 'x'], "nothing after '--'"],
  [['up', 'lab', 'other'], "'other'"],
  [['up', ''], "invalid VM name ''"],
  [['up', '../lab'], "invalid VM name '../lab'"],
  [['up', '-g'], "'-g'"],
  [['up', '--gui', '--no-gui'], "'--graphical' and '--no-gui'"],
  [['up', '-G', '--no-graphics'], "'--graphical' and '--no-gui'"],
  [['up', '--gui', '--graphics'], "'--graphics' is given twice"],
  [['up', '--gui=yes'], "'--gui' takes no value"],
  [['up', '--no-bogus'], "'--no-bogus'"],
  [['up', '--no-graphical'], "'--no-graphical'"],
  [['down', '--timeout'], "'--timeout' needs a value"],
  [['down', '--timeout', '--force'], "'--timeout' needs a value"],
  [['down', '--timeout', '0'], "'--timeout' takes a whole number of seconds from 1 to 86400, not '0'"],
  [['down', '--timeout', '-1'], "not '-1'"],
  [['down', '--timeout', '1.5'], "not '1.5'"],
  [['down', '--timeout', '60s'], "not '60s'"],
  [['down', '--timeout', '0x10'], "not '0x10'"],
  [['down', '--timeout', ' 5'], "not ' 5'"],
  [['down', '-ff'], "'-f' is given twice"],
  [['delete'], 'VM name is required'],
  [['delete', '--yes'], 'VM name is required'],
  [['delete', 'lab', 'other'], "'other'"],
  [['delete', 'lab', '-Y'], "'-Y'"],
  [['delete', 'lab', '--yes=true'], "'--yes' takes no value"],
  [['default', 'a', 'b'], "'b'"],
  [['ip', '--wait', '5'], "'--wait'"],
  [['ssh', 'lab', 'uname', '-a'], "'uname'"],
  [['ssh', '--auto_up', 'lab'], "'--auto_up'"],
  [['create', 'a b'], "invalid VM name 'a b'"],
  [['create', 'x'.repeat(256)], 'invalid VM name'],
  [['create', 'lab', '--cpus', '0'], "'--cpus' takes a whole number from 1 to 1024, not '0'"],
  [['create', 'lab', '--cpus', '--memory', '4096'], "'--cpus' needs a value"],
  [['create', 'lab', '--cpus', '2', '--cpus', '4'], "'--cpus' is given twice"],
  [
    ['create', 'lab', '--memory', '8'],
    "a whole number of MB from 128 to 16777216, or a size with a unit such as 8G, not '8' (for 8 GB: 8G)",
  ],
  [['create', 'lab', '--memory', '0'], "or a size with a unit such as 8G, not '0'\n"],
  [['create', 'lab', '--memory', '08'], "or a size with a unit such as 8G, not '08'\n"],
  [['create', 'lab', '--memory', '8X'], "not '8X'"],
  [['create', 'lab', '--memory', '1.5G'], "not '1.5G'"],
  [['create', 'lab', '--memory', '64M'], "not '64M'"],
  [['create', 'lab', '--disk', '512M'], "a whole number of GB from 1 to 65535, or a size with a unit such as 1T, not '512M'"],
  [['create', 'lab', '--disk', '64T'], "not '64T'"],
  [['create', 'lab', '--disk', '-5'], "not '-5'"],
  [['create', 'lab', '--disk', '70000'], "not '70000'"],
  [['create', 'lab', '--disk', '1e2'], "not '1e2'"],
  [['create', 'lab', '--version', ''], "'--version' needs a value"],
  [['create', 'lab', '--version', '24.04;ls'], "'24.04;ls' is not a version"],
  [['create', 'lab', '--image-ref', 'lab'], "'lab' is not an image reference"],
  [['create', 'lab', '--user', 'a b'], "'a b' is not a user name"],
  [['create', 'lab', '--user', '-oProxyCommand=x'], "'--user' needs a value"],
  [['create', 'lab', '--user=-x'], "'-x' is not a user name"],
  [['create', 'lab', '--', 'x'], "nothing after '--'"],
  [['help', 'bogus'], "'bogus'"],
  [['completions'], '<shell> is required'],
  [['completions', 'tcsh'], "completions accepts: bash, zsh, fish; not 'tcsh'"],
];

test.each(CASES)('rusta %j', async (args, named) => {
  const result = await mac.rusta(args);
  expect(result).toMatchObject({ code: 1, stdout: '' });
  const [first, second, ...more] = result.stderr.replace(/lab\n'/, "lab'").split('\n');
  expect(first).toStartWith('[error] ');
  expect(result.stderr).toContain(named);
  expect(second).toMatch(/Run 'rusta .*--help'\.$/);
  expect(more).toEqual(['']);
  expect(result.stderr).not.toMatch(UNWORDED);
});

test.each([
  ['cp', 'tar -c <folder> | rusta ssh <vm> -- tar -x'],
  ['scp', 'tar -c <folder> | rusta ssh <vm> -- tar -x'],
  ['Transfer', 'tar -c <folder> | rusta ssh <vm> -- tar -x'],
  ['mount', "'rusta up <vm> --share <folder>' shows a folder"],
  ['share', "'rusta restart <vm> --share <folder>' to one that runs"],
  ['console', "'rusta up <vm> --graphical' opens its window"],
  ['info', "Did you mean 'list'?"],
  ['reboot', "Did you mean 'restart'?"],
])("the '%s' of other tools is answered with rusta's way", async (word, way) => {
  const { code, stdout, stderr } = await mac.rusta([word, 'lab']);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toStartWith(`[error] unknown command '${word}'\n`);
  expect(stderr).toContain(way);
});

test.each(['u', 'd', 'l', 'i', ''])("nothing is guessed of '%s'", async (word) => {
  expect((await mac.rusta([word])).stderr).toBe(`[error] unknown command '${word}'\nRun 'rusta --help'.\n`);
});

test('--version before a command word prints the version, whatever follows', async () => {
  expect(await mac.rusta(['--version=1', 'up', '--bogus'])).toMatchObject({ code: 0, stderr: '' });
});

test('none of them started a program other than uname, or left a file', async () => {
  expect(CASES.length).toBeGreaterThanOrEqual(60);
  expect(mac.calls().filter(({ program }) => program !== 'uname')).toEqual([]);
  expect(await Array.fromAsync(new Bun.Glob('**').scan({ cwd: mac.home, dot: true }))).toEqual([]);
});
