import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUSTA, SIGNAL_CODES, SIGNALS } from '../e2e/rusta.ts';
import { commands } from '../e2e/state.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { openTerminal } from '../sandbox/terminal.ts';
import { waitUntil } from '../sandbox/wait.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

const outFile = () => join(mac.home, 'out.txt');
const output = () => (existsSync(outFile()) ? readFileSync(outFile(), 'utf8') : '');
const shown = (text: string) => waitUntil(`'${text}'`, () => output().includes(text), 20_000, output);

/** rusta become of a shell that ignores a signal; the terminal is there for its signals alone. */
function open(signal: string, ...args: string[]) {
  const script = `trap '' ${signal.slice(3)}; exec "$0" "$@" < /dev/null > ${outFile()} 2>&1`;
  return openTerminal(mac, '/bin/sh', ['-c', script, RUSTA, ...args]);
}

/** As a window that closes and Ctrl-C do it: for rusta and all that runs on its terminal. */
const signalGroup = (pid: number, signal: NodeJS.Signals) => process.kill(-pid, signal);

describe.each(SIGNALS)('when %s is ignored as rusta starts, then it stays ignored', (signal) => {
  test('by create and by the download that it has started', async () => {
    mac.configure({ timing: { pull: 2_000 } });
    await using create = open(signal, '--verbose', 'create', 'lab');
    await shown('0%');
    signalGroup(create.pid, signal);
    expect((await create.exited).code).toBe(0);
    expect(output()).toContain("[ok] VM 'lab' is ready");
  }, 300_000);

  test('by a session', async () => {
    await mac.addVm('lab', { running: true });
    const flag = join(mac.vm('lab').guest, 'home/admin/go');
    await using ssh = open(signal, 'ssh', 'lab', '--', 'echo begun; until [ -e go ]; do sleep 0.05; done; echo ended');
    await shown('begun');
    signalGroup(ssh.pid, signal);
    writeFileSync(flag, '');
    expect((await ssh.exited).code).toBe(0);
    expect(output()).toBe('begun\nended\n');
  });

  test('and the other signals still end it', async () => {
    mac.configure({ timing: { agentUp: 60_000 } });
    await mac.addVm('lab');
    const other = signal === 'SIGTERM' ? 'SIGINT' : 'SIGTERM';
    await using up = open(signal, 'up', 'lab');
    await shown('Starting');
    signalGroup(up.pid, signal);
    signalGroup(up.pid, other);
    expect((await up.exited).code).toBe(SIGNAL_CODES[other]);
    expect(output()).toContain(`[error] interrupted (${other})`);
  });
});

test('when a window closes, a create that was started with nohup goes on', async () => {
  mac.configure({ timing: { pull: 1_000 } });
  await using terminal = openTerminal(mac, '/bin/sh', ['-i'], { env: { PS1: 'ready> ', PATH: `${mac.env['PATH']}:/usr/bin:/bin` } });
  await terminal.waitFor('ready> ');
  terminal.type(`nohup /bin/sh -c '"${RUSTA}" create lab; echo ended with $?' > ${outFile()} 2>&1 &\r`);
  await shown('Cloning');
  terminal.close();
  await shown('ended with 0\n');
}, 300_000);

test('when a script gets Ctrl-C, its background job goes on, its words on the terminal', async () => {
  mac.configure({ timing: { pull: 1_000 } });
  const script = `trap 'echo script is over' INT; "$0" create lab & job=$!; while kill -0 $job; do wait $job; done 2> /dev/null; echo job ended with $?`;
  await using terminal = openTerminal(mac, '/bin/sh', ['-c', script, RUSTA]);
  await terminal.waitFor('Cloning');
  // Before that the signal may meet what is about to become tart, and is not in a session of its own yet.
  await waitUntil('tart to clone', () => commands(mac, 'tart').some((line) => line.startsWith('clone')));
  terminal.press('ctrl-c');
  await terminal.waitFor('script is over');
  await terminal.waitFor("VM 'lab' is ready", 20_000);
  await terminal.waitFor('job ended with 0');
}, 300_000);
