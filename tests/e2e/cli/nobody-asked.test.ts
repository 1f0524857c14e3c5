import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { RUSTA } from '../rusta.ts';
import { commands, readState, writeState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

describe('nobody is asked, also where there is a terminal', () => {
  const QUESTIONS: readonly (readonly [args: string[], code: number, message: string])[] = [
    [['create'], 1, 'VM name is required: '],
    [['up'], 2, 'no default VM is set, and '],
    [['delete', 'lab'], 1, "deleting VM 'lab' needs a confirmation, and "],
  ];
  const REASONS: readonly (readonly [flags: string[], env: Record<string, string>, reason: string])[] = [
    [['--no-input'], {}, '--no-input was given'],
    [[], { CI: 'true' }, 'nobody is asked where CI is set'],
    [['--json'], {}, '--json never asks'],
  ];
  test.each(QUESTIONS.flatMap((question) => REASONS.map((reason) => [...question, ...reason] as const)))(
    '%j: exit %d, %s (%j, %j: %s)',
    async (args, code, message, flags, env, reason) => {
      await mac.addVm('lab');
      await using terminal = openTerminal(mac, RUSTA, [...args, ...flags], { env });
      expect((await terminal.exited).code).toBe(code);
      expect(terminal.screen.replaceAll(/\s+/g, ' ')).toContain(message + reason);
      expect(mac.vm('lab').exists).toBe(true);
    },
  );

  test('CI=false is no CI', async () => {
    await mac.addVm('lab');
    await using terminal = openTerminal(mac, RUSTA, ['delete', 'lab'], { env: { CI: 'false' } });
    await terminal.waitFor("Delete VM 'lab' and its disk? [y/N] ");
    terminal.type('n\r');
    expect((await terminal.exited).code).toBe(1);
  });
});

describe('RUSTA_VM', () => {
  const env = { RUSTA_VM: 'lab' };

  test('names the VM where none is named, before the default', async () => {
    await mac.addVm('lab');
    await mac.addVm('other');
    writeState(mac, 'default_vm = "other"\n');
    expect(await mac.rusta(['up'], { env })).toMatchObject({ code: 0, stdout: expect.stringContaining("[ok] VM 'lab' is running") });
    expect(await mac.rusta(['ssh', '--', 'true'], { env })).toMatchObject({ code: 0 });
    expect(await mac.rusta(['ip', '--json'], { env })).toMatchObject({ stdout: expect.stringContaining('"vm":"lab"') });
    expect(await mac.rusta(['down', 'other'], { env })).toMatchObject({ code: 0, stdout: "[skip] VM 'other' is already stopped\n" });
    expect(await mac.rusta(['down'], { env: { RUSTA_VM: '' } })).toMatchObject({ stdout: "[skip] VM 'other' is already stopped\n" });
  });

  test('a VM that is not there is exit 2, whatever the default', async () => {
    await mac.addVm('other');
    writeState(mac, 'default_vm = "other"\n');
    expect(await mac.rusta(['up'], { env })).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr: "[error] VM 'lab' not found\nRun 'rusta list' to see the VMs.\nRUSTA_VM names it.\n",
    });
    expect(await mac.rusta(['ip'], { env })).toMatchObject({ code: 2 });
  });

  test('what cannot be a name is refused', async () => {
    expect(await mac.rusta(['up'], { env: { RUSTA_VM: '-x' } })).toMatchObject({
      code: 1,
      stderr: "[error] RUSTA_VM is '-x', which is no name of a VM\n",
    });
    expect(commands(mac, 'tart')).toEqual([]);
  });

  test('create, delete, default, list and doctor do not read it', async () => {
    await mac.addVm('lab');
    await mac.addVm('other');
    writeState(mac, 'default_vm = "other"\n');
    expect(await mac.rusta(['create'], { env })).toMatchObject({ code: 1, stderr: expect.stringContaining('VM name is required') });
    expect(await mac.rusta(['delete', '--yes'], { env })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('VM name is required'),
    });
    expect(await mac.rusta(['default'], { env })).toMatchObject({ code: 0, stdout: 'other\n' });
    expect((await mac.rusta(['list'], { env })).stdout).toMatch(/^other +stopped +\*$/m);
    expect(readState(mac)).toBe('default_vm = "other"\n');
  });
});
