import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { waitUntil } from '../../sandbox/wait.ts';
import { RUSTA } from '../rusta.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab', { running: true });
});
afterEach(() => mac[Symbol.asyncDispose]());

const told = () => join(mac.root, 'caffeinated');
/** As Apple's: holds the Mac awake until the process of \`-w\` has ended. */
function install(
  script = `echo "$*" >> ${told()}; while kill -0 "$3" 2> /dev/null; do sleep 0.05; done; echo over >> ${told()}`,
  mode = 0o755,
): void {
  writeFileSync(join(mac.bin, 'caffeinate'), `#!/bin/sh\n${script}\n`, { mode });
}
const lines = () => (existsSync(told()) ? readFileSync(told(), 'utf8').trim().split('\n') : []);

describe('this Mac does not fall asleep', () => {
  const installsSshpass = () => mac.without('sshpass');
  const copiesKey = () => {
    mkdirSync(join(mac.home, '.ssh'), { recursive: true });
    writeFileSync(join(mac.home, '.ssh/id_rsa'), 'key', { mode: 0o600 });
  };

  test.each([
    ['create', 'create new', []],
    ['a copy with a script', 'create new --from base --script x.sh', [() => writeFileSync(join(mac.home, 'x.sh'), '#!/bin/sh\n')]],
    ['run', 'run --from base -- true', []],
    ['docker-setup', 'docker-setup lab', []],
    ['what Homebrew installs', 'ssh-copy lab', [copiesKey, installsSshpass]],
  ])('%s, until rusta has ended', async (_what, line, preparations) => {
    install();
    await mac.addVm('base');
    for (const prepare of preparations) prepare();
    const running = mac.start(RUSTA, line.split(' '));
    expect((await running.exited).code).toBe(0);
    await waitUntil('caffeinate to end', () => lines().includes('over'));
    expect(lines()[0]).toBe(`-i -w ${running.pid}`);
  });

  test('also where rusta is killed', async () => {
    install();
    mac.configure({ timing: { pull: 60_000 } });
    const running = mac.start(RUSTA, ['create', 'new']);
    await waitUntil('caffeinate', () => lines().length > 0);
    running.kill('SIGKILL');
    await running.exited;
    await waitUntil('caffeinate to end', () => lines().includes('over'));
  });
});

test('what is done at once, and what there was nothing to do for, does not need it', async () => {
  install();
  for (const line of ['list', 'ip lab', 'create lab', 'down lab']) expect((await mac.rusta(line.split(' '))).code).toBe(0);
  expect(lines()).toEqual([]);
});

test.each([
  ['absent', () => {}],
  ['one that fails', () => install('exit 1')],
  ['one that may not be started', () => install('exit 1', 0o644)],
  ['one that is no program', () => writeFileSync(join(mac.bin, 'caffeinate'), 'garbage', { mode: 0o755 })],
])('%s: the work goes on without a word', async (_what, prepare) => {
  prepare();
  expect(await mac.rusta(['create', 'new'])).toMatchObject({ code: 0, stderr: expect.not.stringContaining('caffeinate') });
});
