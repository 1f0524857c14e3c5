/** How words are quoted that a Tab fills in on a terminal. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mac } from '../../../sandbox/mac.ts';
import { openTerminal, type TerminalSession } from '../../../sandbox/terminal.ts';
import { createShellMac, SHELLS, WITHOUT_COMPOPT } from './shells.ts';

let mac: Mac;
let env: Record<string, string>;
beforeAll(async () => {
  ({ mac, env } = await createShellMac());
});
afterAll(() => mac[Symbol.asyncDispose]());

/** Names that other programs gave to VMs. Each ends with letters that show in whatever way the shell quotes. */
const ODD_NAMES = [
  'my vm',
  "odd's",
  'b"qu',
  'd$(touch PWNED)zz',
  'e\\xx',
  'f:yy',
  'g!ww',
  'h*vv',
  'i~uu',
  'j#tt',
  'größe',
  'k=ss',
  'm;n|o&pp',
  'n[a]{b}qq',
];

describe.each([
  ['bash', SHELLS.bash, ['--norc', '--noprofile', '-i'], ''],
  ['bash without compopt', SHELLS.bash, ['--norc', '--noprofile', '-i'], WITHOUT_COMPOPT],
  ['zsh', SHELLS.zsh, ['-f', '-i'], 'autoload -Uz compinit && compinit -u -D; '],
  ['fish', SHELLS.fish, ['--no-config', '-i', '-C', 'function fish_prompt; echo -n "ready> "; end; function fish_greeting; end'], ''],
] as const)('what %s makes of a Tab behind', (name, path, args, before) => {
  const shell = name.split(' ')[0] ?? '';
  const files = () => join(mac.root, 'files');
  let terminal: TerminalSession;

  beforeAll(async () => {
    if (path === null) return;
    for (const folder of [join(files(), 'my logs'), join(files(), 'plain'), join(mac.home, 'deep')]) mkdirSync(folder, { recursive: true });
    for (const file of ["it's.log", 'a$(touch PWNED).log', 'b"q".log', 'c\\x.log', 'e x.log', 'my logs/inner.log']) {
      writeFileSync(join(files(), file), '');
    }
    terminal = openTerminal(mac, path, args, {
      env: { ...env, PATH: `${env['PATH']}:/usr/bin:/bin`, PS1: 'ready> ', TERM: 'dumb', LC_ALL: 'C.UTF-8' },
      cols: 200,
      cwd: files(),
    });
    await terminal.waitFor('ready> ', 30_000);
    terminal.type(`${before}. ${mac.root}/rusta.${shell}; echo load''ed\r`);
    await terminal.waitFor(/loaded[\s\S]*ready> /, 30_000);
  }, 300_000);
  afterAll(async () => {
    if (path === null) return;
    await terminal[Symbol.asyncDispose]();
    expect(existsSync(join(files(), 'PWNED'))).toBe(false);
  });

  /** Types a line with a Tab at its end, waits until it shows what is wanted, and takes it back. */
  async function shows(line: string, wanted: string | RegExp) {
    terminal.type(`rusta ${line}\t`);
    await terminal.waitFor(wanted, 20_000);
    // Ctrl-U, which throws nobody out of what they are at.
    terminal.type('\x15');
  }

  test.skipIf(path === null).each([
    ['my', 'my\\ logs/'],
    ['pl', 'plain/'],
    ['it', "it\\'s.log "],
    ['a', 'a\\$\\(touch\\ PWNED\\).log '],
    ['b', 'b\\"q\\".log '],
    ['c', 'c\\\\x.log '],
    ['my\\ l', 'my\\ logs/'],
    ['my\\ logs/i', 'my\\ logs/inner.log '],
    ['~/dee', '~/deep/'],
  ])(
    '--log %s',
    async (typed, shown) => {
      await shows(`list --log ${typed}`, `--log ${shown}`);
      await shows(`list --log=${typed}`, `--log=${shown}`);
    },
    60_000,
  );

  test.skipIf(path === null).each(ODD_NAMES)(
    'the name of VM %s is what the shell reads on the line that it made',
    async (vm) => {
      await mac.addVm(vm);
      terminal.type(`rusta ip ${vm.slice(0, 1)}\t`);
      await terminal.waitFor(new RegExp(`ip [^\\n]*${/\p{L}+$/u.exec(vm)?.[0]}`), 20_000);
      terminal.type('\r');
      await terminal.waitFor(`VM '${vm}' is not running`, 20_000);
      await mac.rusta(['delete', vm, '--yes']);
    },
    60_000,
  );

  test.skipIf(path === null)(
    'an open quote, which stays or is closed',
    async () => {
      await shows('list --log "my l', /"my logs("?\/|\/")/);
      await shows("list --log 'e ", "'e x.log'");
      await shows('list --log "a', '"a\\$(touch PWNED).log"');
      await shows('up "lam', '"lamp"');
      await shows("ip 'lam", "'lamp'");
    },
    60_000,
  );
});
