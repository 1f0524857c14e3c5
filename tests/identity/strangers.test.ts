import { expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUSTA } from '../e2e/rusta.ts';
import { ours } from '../e2e/state.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { TEST_MS, waitUntil } from '../sandbox/wait.ts';
import { type Decoy, startDecoy, type Words } from './decoy.ts';

const NOBODY = 65_534;
const canBeAnother = process.getuid?.() === 0 && Bun.which('setpriv') !== null;

/** Processes that have the number on file, but are not `tart run … lab`. */
const STRANGERS: readonly { readonly what: string; readonly words: Words; readonly as?: number }[] = [
  { what: 'any program', words: ['sleep', '100'] },
  { what: 'the words in a script', words: ['sh', '-c', 'SCRIPT # tart run lab'] },
  { what: 'a path of tart in a script', words: ['sh', '-c', 'SCRIPT # /opt/homebrew/bin/tart run lab'] },
  { what: 'an editor of files of these names', words: ['vim', 'tart', 'run', 'lab'] },
  { what: 'an editor of a file called tart', words: ['vim', 'bin/tart', 'run', 'lab'] },
  { what: "another VM's", words: ['tart', 'run', 'other'] },
  { what: 'one whose name begins alike', words: ['tart', 'run', '--no-graphics', 'lab2'] },
  { what: "another VM's, with the name as a value", words: ['tart', 'run', '--net-bridged', 'lab', 'other'] },
  { what: 'another verb', words: ['tart', 'exec', 'lab', 'run', 'lab'] },
  ...(canBeAnother ? [{ what: "another user's tart run lab", words: ['sh', 'tart', 'run', 'lab'] as const, as: NOBODY }] : []),
];

/** Everything that fails makes rusta turn to the process on file. */
const NOTHING_WORKS = ['exec', 'stop'].map((verb) => ({ program: 'tart', args: [verb], do: 'exit', code: 1, stderr: 'cannot' }) as const);
const COMMANDS: readonly (readonly [args: readonly string[], code: number])[] = [
  [['down', 'lab', '--timeout', '1'], 1],
  [['down', 'lab', '--force'], 1],
  [['delete', 'lab', '--yes', '--force-running'], 1],
  [['up', 'lab'], 0],
];

function claim(mac: Mac, { pid }: Decoy): void {
  mkdirSync(ours(mac, 'run'), { recursive: true });
  writeFileSync(ours(mac, 'run/lab.pid'), `${pid}\n`);
}

test.concurrent.each(STRANGERS)(
  'when the pid on file is that of another process ($what), then it is neither signalled nor taken for the VM',
  async ({ words, as }) => {
    await using mac = await createMac();
    using decoy = await startDecoy(mac, words, as);
    await mac.addVm('lab', { running: true });
    mac.configure({ faults: NOTHING_WORKS });
    for (const [args, code] of COMMANDS) {
      claim(mac, decoy);
      expect({ args, code: (await mac.rusta(args, { timeoutMs: TEST_MS })).code }).toEqual({ args, code });
      expect(mac.vm('lab').isRunning).toBe(true);
    }
    mac.configure({ faults: [] });
    await followUntilOff(mac, decoy);
    for (const args of [
      ['ssh-copy', 'lab'],
      ['up', 'lab'],
      ['delete', 'lab', '--yes', '--force-running'],
    ]) {
      claim(mac, decoy);
      const { code, stderr } = await mac.rusta(args, { timeoutMs: TEST_MS });
      expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
    }
    expect(mac.vm('lab').exists).toBe(false);
    expect(await decoy.signals()).toEqual([]);
  },
  TEST_MS,
);

/** With a stranger believed, it would go on for as long as that lives. */
async function followUntilOff(mac: Mac, decoy: Decoy): Promise<void> {
  mkdirSync(join(mac.home, '.ssh'));
  writeFileSync(join(mac.home, '.ssh/id_test'), 'key\n', { mode: 0o600 });
  writeFileSync(ours(mac, 'run/lab.log'), 'first\nhalf');
  claim(mac, decoy);
  const logs = mac.start(RUSTA, ['logs', 'lab', '-f', '--run']);
  await logs.waitFor('first\n');
  await mac.vm('lab').powerOff();
  await waitUntil('logs -f to end', () => logs.stdout.includes('half'));
  expect((await logs.exited).code).toBe(0);
}
