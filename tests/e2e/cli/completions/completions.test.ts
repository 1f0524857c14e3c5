import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../../sandbox/mac.ts';
import { openTerminal } from '../../../sandbox/terminal.ts';
import { writeState } from '../../state.ts';
import { createShellMac, SHELLS, WITHOUT_COMPOPT } from './shells.ts';

let mac: Mac;
let env: Record<string, string>;
beforeAll(async () => {
  ({ mac, env } = await createShellMac());
});
afterAll(() => mac[Symbol.asyncDispose]());

const complete = async (...words: string[]) => {
  const { code, stdout, stderr } = await mac.rusta(['__complete', '--', ...words]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};

describe('rusta __complete', () => {
  test('names of VMs that need quotes; not one that is no line, or no argument', async () => {
    await using other = await createMac();
    for (const name of ['my vm', 'a\nb', 'c\td', '-e']) await other.addVm(name);
    expect(await other.rusta(['__complete', '--', 'up', ''])).toMatchObject({ code: 0, stdout: 'my vm\tstopped\n' });
  });

  test('names of VMs, of this moment, from one program start', async () => {
    const before = mac.calls().length;
    expect(await complete('up', 'la')).toBe('lab\tstopped\nlamp\tstopped\n');
    expect(
      mac
        .calls()
        .slice(before)
        .map(({ program }) => program),
    ).toEqual(['tart']);
  });

  test('configured sources', async () => {
    await mac.rusta(['source', 'add', 'ghcr.io/own']);
    expect(await complete('source', 'rm', 'ghcr.io/o')).toBe('ghcr.io/own\t\n');
    expect(await complete('versions', '--source=ghcr.io/o')).toBe('--source=ghcr.io/own\t\n');
  });

  test('a broken Tart or settings file spoils no line that is being typed', async () => {
    await using broken = await createMac({ without: ['tart', 'brew'] });
    expect(await broken.rusta(['__complete', '--', 'up', ''])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    await using garbled = await createMac();
    writeState(garbled, 'sources = [');
    expect(await garbled.rusta(['__complete', '--', 'source', 'rm', ''])).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  test('no help names it', async () => {
    const { stdout } = await mac.rusta(['--help']);
    expect(stdout).not.toMatch(/complet/);
  });
});

test('a shell that we do not know: exit 1, and which ones there are', async () => {
  const { code, stderr } = await mac.rusta(['completions', 'tcsh']);
  expect(code).toBe(1);
  expect(stderr).toContain('bash, zsh, fish');
});

describe.skipIf(SHELLS.bash === null).each([
  ['bash', ''],
  ['bash without compopt', WITHOUT_COMPOPT],
])('%s', (_name, before) => {
  const reply = async (...words: string[]) => {
    const script = `${before}. ${mac.root}/rusta.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _rusta rusta; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const child = Bun.spawn([SHELLS.bash ?? '', '--norc', '-c', script, 'bash', 'rusta', ...words], {
      env,
      stdout: 'pipe',
      stderr: 'pipe',
    });
    const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    expect(stderr).toBe('');
    // Without compopt the space that ends a word is part of the word.
    return stdout
      .trim()
      .split('\n')
      .map((word) => word.trimEnd());
  };

  test('words, names of VMs, and values behind an equals sign', async () => {
    expect(await reply('up', 'la')).toEqual(['lab', 'lamp']);
    expect(await reply('del')).toEqual(['delete']);
    // As bash 4 splits them, and as bash 3.2 leaves them.
    expect(await reply('create', '--version', '=', '24')).toEqual(['24.04']);
    expect(await reply('create', '--version', '=')).toEqual(['22.04', '24.04', '26.04']);
    expect(await reply('create', '--version=24')).toEqual(['24.04']);
  });

  test('a Tab runs nothing of what is typed', async () => {
    expect(await reply('ssh', `$(touch ${mac.root}/ran)`, '')).toEqual(['']);
    expect(await reply('ssh', `\`touch ${mac.root}/ran\`; touch ${mac.root}/ran`, '')).toEqual(['']);
    expect(existsSync(join(mac.root, 'ran'))).toBe(false);
  });

  test('on a terminal, Tab fills in the rest; loaded twice it still does', async () => {
    await using terminal = openTerminal(mac, SHELLS.bash ?? '', ['--norc', '--noprofile', '-i'], { env: { ...env, PS1: 'ready> ' } });
    await terminal.waitFor('ready> ');
    terminal.type(`${before}. ${mac.root}/rusta.bash; . ${mac.root}/rusta.bash\r`);
    await terminal.waitFor('ready> ');
    terminal.type('rusta defa\tlam\t\r');
    await terminal.waitFor('Default VM: lamp');
  });
});

describe.skipIf(SHELLS.zsh === null)('zsh', () => {
  test('on a terminal, Tab fills in the rest', async () => {
    await using terminal = openTerminal(mac, SHELLS.zsh ?? '', ['-f', '-i'], { env: { ...env, PS1: 'ready> ', TERM: 'dumb' } });
    await terminal.waitFor('ready> ');
    terminal.type(`autoload -Uz compinit && compinit -u -D && . ${mac.root}/rusta.zsh && echo load''ed\r`);
    await terminal.waitFor('loaded');
    terminal.type('rusta defa\tlam\t\r');
    await terminal.waitFor('Default VM: lamp');
  });
});

describe.skipIf(SHELLS.fish === null)('fish', () => {
  const offers = async (line: string) => {
    const script = `source ${mac.root}/rusta.fish; complete -C ${JSON.stringify(line)}`;
    const child = Bun.spawn([SHELLS.fish ?? '', '--no-config', '-c', script], { env, stdout: 'pipe', stderr: 'pipe' });
    const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    expect(stderr).toBe('');
    return stdout.trim().split('\n');
  };

  test('words with their explanations, names of VMs, values behind an equals sign', async () => {
    expect(await offers('rusta up la')).toEqual(['lab\tstopped', 'lamp\tstopped']);
    expect(await offers('rusta up ')).toEqual(['lab\tstopped', 'lamp\tstopped']);
    expect(await offers('rusta del')).toEqual(['delete\tDelete a VM and all that belongs to it']);
    expect(await offers('rusta create --version=24')).toEqual(['--version=24.04\tdefault']);
  });
});
