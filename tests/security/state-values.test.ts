import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { isVmName } from '../../src/state/grammar.ts';
import { cellText } from '../../src/text/control.ts';
import { readState, writeState } from '../e2e/state.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { canaries, eachOf, expectRefused, HOSTILE, runWatched } from './hostile.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab', { running: true });
  mkdirSync(join(mac.home, '.ssh'));
  writeFileSync(join(mac.home, '.ssh/id_mine'), 'a key\n');
});
afterEach(() => mac[Symbol.asyncDispose]());

const half = '[vms.lab]\nsetup = "booting"\ngui = true\ndesktop = "lightdm"\n';
/** state.toml as a hand may have left it, with a hostile value, and commands that would use it. */
const EDITED: Record<string, { readonly text: (value: string) => string; readonly commands: readonly (readonly string[])[] }> = {
  'a user': {
    text: (value) => `[vms.lab]\nuser = ${value}\n`,
    commands: [
      ['ssh', 'lab', '--', 'true'],
      ['ssh-copy', 'lab'],
      ['docker-setup', 'lab'],
    ],
  },
  'a user of an unfinished VM': { text: (value) => `${half}user = ${value}\n`, commands: [['create', 'lab', '--resume']] },
  'an image of an unfinished VM': {
    text: (value) => `[vms.lab]\nsetup = "cloning"\nimage = ${value}\n`,
    commands: [['create', 'lab', '--resume']],
  },
  'a source': {
    text: (value) => `[[sources]]\nregistry = ${value}\n`,
    commands: [['create', 'new'], ['versions'], ['source', 'list']],
  },
  'an image': { text: (value) => `images = [${value}]\n`, commands: [['create', 'new'], ['versions'], ['image', 'list'], ['create']] },
};

test.each(Object.entries(EDITED))('%s in state.toml that is none is refused, with the name of the file', async (_, { text, commands }) => {
  for (const value of HOSTILE) {
    const written = text(JSON.stringify(value));
    writeState(mac, written);
    await eachOf(commands, async (args) => {
      const result = await runWatched(mac, args);
      // docker-setup has said by then that it makes a key.
      expectRefused(args, { ...result, stdout: result.stdout.replace(/^==> Generating .*\n/, '') });
      expect(result.stderr).toContain('state.toml is not valid: ');
    });
    expect(readState(mac)).toBe(written);
  }
  const harmless = ['list --format json', 'ip lab', 'context ls --quiet'];
  expect(
    mac.calls().filter(({ program, args }) => !['uname', 'ssh-keygen'].includes(program) && !harmless.includes(args.join(' '))),
  ).toEqual([]);
  expect(canaries(mac)).toEqual([]);
});

test.each(['a\0b', '', '.', '..', 'a/b', '../../etc', 'x'.repeat(300), 'x'.repeat(5_000)])(
  'a record under %j, which no VM can be called, hinders nothing, and stays',
  async (name) => {
    writeState(mac, `default_vm = "lab"\n\n[vms.${JSON.stringify(name)}]\ngui = true\n`);
    for (const line of ['list', 'default', 'ip', 'set-gui lab on', 'up lab'])
      expect(await mac.rusta(line.split(' '))).toMatchObject({ code: 0, stderr: expect.not.stringContaining('[error]') });
    expect((await mac.rusta(['doctor'])).stderr).toBe('');
    expect(Object.keys(Object(parse(readState(mac) ?? '')['vms']))).toContain(name);
  },
);

test('a default VM whose name cannot be an argument or a file name is refused, and no path is made of it', async () => {
  for (const name of HOSTILE.filter((value) => /^-|\//.test(value))) {
    writeState(mac, `default_vm = ${JSON.stringify(name)}\n`);
    const row = { Source: 'local', Name: name, State: 'stopped', Running: false };
    mac.configure({ faults: [{ program: 'tart', args: ['list'], do: 'partial', stdout: JSON.stringify([row]) }] });
    await eachOf([['up'], ['ssh', '--', 'true'], ['down'], ['ip'], ['logs'], ['docker-setup']], async (args) => {
      const result = await runWatched(mac, args);
      expectRefused(args, result);
      expect(result.stderr).toContain('invalid VM name');
    });
  }
  expect(mac.calls('tart').filter(({ args }) => args[0] !== 'list')).toEqual([]);
  expect(canaries(mac)).toEqual([]);
});

test('a default VM whose name only Tart accepts reaches programs as one word, and no file of the user', async () => {
  for (const name of HOSTILE.filter((value) => !/^-|\//.test(value))) {
    writeState(mac, `default_vm = ${JSON.stringify(name)}\n`);
    const row = { Source: 'local', Name: name, State: 'stopped', Running: false };
    mac.configure({ faults: [{ program: 'tart', args: ['list'], do: 'partial', stdout: JSON.stringify([row]) }] });
    await eachOf([['up'], ['down'], ['ip'], ['logs']], async (args) => void (await runWatched(mac, args)));
    const setup = await runWatched(mac, ['docker-setup']);
    expect(setup).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot have an SSH alias and a Docker context') });
  }
  const named = mac.calls('tart').filter(({ args }) => args[0] !== 'list');
  expect(named.filter(({ args }) => !HOSTILE.includes(args[1] ?? ''))).toEqual([]);
  expect(canaries(mac)).toEqual([]);
});

test('Tab offers the names that can be named, one a line, and starts nothing; each shell quotes them itself', async () => {
  const rows = [...HOSTILE, 'lab'].map((Name) => ({ Source: 'local', Name, State: 'stopped', Running: false }));
  mac.configure({ faults: [{ program: 'tart', args: ['list'], do: 'partial', stdout: JSON.stringify(rows) }] });
  const named = [...HOSTILE.filter((name) => isVmName(name) && cellText(name) === name), 'lab'];
  expect((await runWatched(mac, ['__complete', '--', 'up', ''])).stdout).toBe(named.map((name) => `${name}\tstopped\n`).join(''));
  expect(canaries(mac)).toEqual([]);
});
