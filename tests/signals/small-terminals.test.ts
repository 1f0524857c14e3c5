import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUSTA } from '../e2e/rusta.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { openTerminal } from '../sandbox/terminal.ts';
import { checkedOnTerminal, IS_SANE } from './tty.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab');
});
afterEach(() => mac[Symbol.asyncDispose]());

/** Runs rusta on a terminal that says it has no size, or a small one: as the pipes of `script`, serial lines and `docker exec -t` do. */
function open(cols: number, ...args: string[]) {
  const script = `stty cols ${cols} rows ${Math.min(cols, 24)} && exec "$0" "$@"`;
  return openTerminal(mac, '/bin/sh', ['-c', script, RUSTA, ...args], { env: { PATH: `${mac.env['PATH']}:/usr/bin:/bin` } });
}

describe.each([0, 1, 2, 7, 40])('on a terminal of %i columns', (cols) => {
  test('when the picker is answered, then it takes the answer', async () => {
    await using terminal = open(cols, 'up');
    await terminal.waitFor('> ');
    for (const key of ['2', '\x7f', '1', '\r']) terminal.type(key);
    expect((await terminal.exited).code).toBe(0);
    expect(mac.vm('lab').isRunning).toBe(true);
  });

  test('when create is told a name, then it takes it', async () => {
    await using terminal = open(cols, 'create');
    await terminal.waitFor(/2\s*4\s*0\s*4/);
    terminal.type('web');
    terminal.press('enter');
    expect((await terminal.exited).code).toBe(0);
    expect(mac.vm('web').exists).toBe(true);
  });

  test('when delete is answered, then it takes a yes, and Ctrl-C for a no', async () => {
    await using no = open(cols, 'delete', 'lab');
    await no.waitFor(/N\s*\]/);
    no.type('ye');
    no.press('ctrl-c');
    expect((await no.exited).code).toBe(1);
    await using yes = open(cols, 'delete', 'lab');
    await yes.waitFor(/N\s*\]/);
    yes.type('y\r');
    expect((await yes.exited).code).toBe(0);
    expect(mac.vm('lab').exists).toBe(false);
  });
});

describe('an answer that fills the line', () => {
  const question = 'VM name [ubuntu-2404]: ';

  test.each([24, 40, 80])('when the terminal has %i columns, then it is taken', async (cols) => {
    const name = 'n'.repeat(cols - question.length);
    await using terminal = open(cols, 'create');
    await terminal.waitFor(question);
    terminal.type(name);
    terminal.press('enter');
    expect((await terminal.exited).code).toBe(0);
    expect(mac.vm(name).exists).toBe(true);
  });

  test('when three columns take words apart, then it is taken too', async () => {
    await using terminal = open(3, 'create');
    await terminal.waitFor(/2\s*4\s*0\s*4/);
    terminal.type('new\r');
    expect((await terminal.exited).code).toBe(0);
    expect(mac.vm('new').exists).toBe(true);
  });

  test('when it becomes shorter from its middle, then what is left is taken', async () => {
    await using terminal = open(40, 'create');
    await terminal.waitFor(question);
    terminal.type('a'.repeat(18));
    // Seventeen times to the left, then Delete: all but the last line stays as it was.
    terminal.type('\x1b[D'.repeat(17));
    terminal.type('\x1b[3~\x1b[3~');
    terminal.press('enter');
    expect((await terminal.exited).code).toBe(0);
    expect(mac.vm('a'.repeat(16)).exists).toBe(true);
  });
});

test('when a handler of keys fails, then rusta ends with 1, and the terminal is as it was', async () => {
  // Standard error goes to a file that may not grow: the question fits, what is typed does not.
  const file = join(mac.home, 'err.txt');
  const limit = 4096;
  writeFileSync(file, 'x'.repeat(limit - 200));
  const script = `ulimit -f ${limit / blockSize()}; exec "${RUSTA}" up 2>> ${file}`;
  const [shell = '', ...args] = checkedOnTerminal(mac, ['/bin/sh', '-c', script]);
  await using terminal = openTerminal(mac, shell, args, { env: { PATH: `${mac.env['PATH']}:/usr/bin:/bin` } });
  while (statSync(file).size <= limit - 200) await Bun.sleep(20);
  for (let n = 0; n < 40; n += 1) terminal.type('1');
  expect((await terminal.exited).code).toBe(1);
  expect(terminal.screen).toMatch(IS_SANE);
});

/** `ulimit -f` counts blocks of 512 bytes, but bash takes 1,024. */
function blockSize(): number {
  const { stdout } = Bun.spawnSync(['/bin/sh', '-c', 'echo $BASH_VERSION']);
  return stdout.toString().trim() === '' ? 512 : 1024;
}
