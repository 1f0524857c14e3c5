import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../e2e/reach/helpers/connect-servers.ts';
import { commands } from '../../e2e/state.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { INSTALLER } from '../docker/site.ts';
import { cannotRun, inGuest, macWithRunningLab, rustaOk, STEP_MS, TEST_MS } from '../guest.ts';

setDefaultTimeout(TEST_MS);
const MEGABYTE = 1_000_000;
const SESSIONS = 20;

describe.skipIf(cannotRun())('programs that know ssh reach a guest that boots by its name', () => {
  let mac: Mac;
  let file: string;
  beforeAll(async () => {
    mac = await macWithRunningLab();
    expect(await mac.rusta(['ssh-setup', 'lab'], { timeoutMs: STEP_MS })).toMatchObject({ code: 0 });
    await inGuest(
      mac,
      'lab',
      `set -e\nexport DEBIAN_FRONTEND=noninteractive\n${INSTALLER}\napt-get install -y git rsync\nusermod -aG docker admin`,
    );
    file = join(mac.home, 'big.bin');
    writeFileSync(
      file,
      new Uint8Array(100 * MEGABYTE).map((_, index) => (index * 31 + (index >> 8)) % 256),
    );
    writeFileSync(join(mac.home, '.gitconfig'), '[user]\n  name = me\n  email = me@example.com\n');
  }, TEST_MS);
  afterAll(() => mac?.[Symbol.asyncDispose]());
  /** By the guest agent: the network may be down. */
  const asRoot = async (command: string) =>
    expect(await mac.run('tart', ['exec', 'lab', 'sudo', 'sh', '-c', command], { timeoutMs: STEP_MS })).toMatchObject({ code: 0 });
  /** After a command of root's, which nobody could give by the agent later. It cuts off its own answer. */
  const withoutAgent = async (command: string) => {
    const { code } = await mac.run('tart', ['exec', 'lab', 'sudo', 'sh', '-c', `${command} && systemctl stop tart-guest-agent`]);
    expect(code).not.toBe(0);
    expect((await mac.run('tart', ['exec', 'lab', 'true'])).code).not.toBe(0);
  };
  const ok = async (program: string, ...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await mac.run(program, args, { timeoutMs: TEST_MS });
    if (code !== 0) throw new Error(`${program} ${args.join(' ')}: exit ${code}\n${stdout}\n${stderr}`);
    return stdout;
  };
  const pipesThroughAgent = () => commands(mac, 'tart').filter((call) => call.startsWith('exec -i lab perl ')).length;

  describe.each(['up', 'down'] as const)('while the network of the guest is %s', (network) => {
    let before: number;
    beforeAll(async () => {
      await asRoot(`ip link set enp0s1 ${network}`);
      before = pipesThroughAgent();
    });
    afterAll(() => asRoot('ip link set enp0s1 up'));

    test('ssh: exit codes, a terminal that nobody asked for, and 100 MB both ways', async () => {
      expect(await mac.run('ssh', ['rusta-lab', 'exit 7'], { timeoutMs: STEP_MS })).toMatchObject({ code: 7, stdout: '', stderr: '' });
      expect(await mac.run('ssh', ['rusta-lab', 'tty'], { timeoutMs: STEP_MS })).toMatchObject({ code: 1, stdout: 'not a tty\n' });
      const back = join(mac.home, 'back.bin');
      const through = (command: string, stdin: string, stdout: string) =>
        Bun.spawn([join(mac.bin, 'ssh'), 'rusta-lab', command], { env: mac.env, stdio: [Bun.file(stdin), Bun.file(stdout), 'inherit'] })
          .exited;
      expect(await through('cat > f', file, '/dev/null')).toBe(0);
      expect(await through('cat f', '/dev/null', back)).toBe(0);
      expect(sha256(readFileSync(back))).toBe(sha256(readFileSync(file)));
      // Whether this is the way that was meant.
      expect(pipesThroughAgent() > before).toBe(network === 'down');
    });

    test('scp and rsync, there and back', async () => {
      await ok('scp', '-q', file, 'rusta-lab:scp.bin');
      await ok('scp', '-q', 'rusta-lab:scp.bin', `${file}.scp`);
      await ok('rsync', '-a', file, 'rusta-lab:rsync.bin');
      await ok('rsync', '-a', 'rusta-lab:rsync.bin', `${file}.rsync`);
      for (const name of ['scp', 'rsync']) expect(sha256(readFileSync(`${file}.${name}`))).toBe(sha256(readFileSync(file)));
    });

    test('git push and clone', async () => {
      const project = join(mac.home, `project-${network}`);
      mkdirSync(project);
      writeFileSync(join(project, 'file'), network);
      await ok('ssh', 'rusta-lab', `git init -q --bare ${network}.git`);
      await ok('git', '-C', project, 'init', '-q');
      await ok('git', '-C', project, 'add', '.');
      await ok('git', '-C', project, 'commit', '-qm', 'first');
      await ok('git', '-C', project, 'push', '-q', `rusta-lab:${network}.git`, 'HEAD:refs/heads/main');
      await ok('git', 'clone', '-q', '-b', 'main', `rusta-lab:${network}.git`, `${project}-clone`);
      expect(readFileSync(join(`${project}-clone`, 'file'), 'utf8')).toBe(network);
    });

    test('docker, by a context over that name', async () => {
      await ok('docker', 'context', 'create', `over-${network}`, '--docker', 'host=ssh://rusta-lab');
      expect(await ok('docker', '--context', `over-${network}`, 'version', '--format', '{{.Server.Os}}')).toBe('linux\n');
    });

    test(`${SESSIONS} sessions at once`, async () => {
      const sessions = Array.from({ length: SESSIONS }, (_, index) => ok('ssh', 'rusta-lab', `sleep 1; echo ${index}`));
      expect(await Promise.all(sessions)).toEqual(Array.from({ length: SESSIONS }, (_, index) => `${index}\n`));
    });
  });

  test('without the network and the agent, each is told in seconds', async () => {
    await withoutAgent('ip link set enp0s1 down');
    const started = performance.now();
    const { code, stderr } = await mac.run('ssh', ['rusta-lab', 'echo in'], { timeoutMs: STEP_MS });
    expect(code).toBe(255);
    expect(stderr).toMatch(/^\[error\] VM 'lab' cannot be reached: \w+ from [\d.]+:22, and its guest agent does not answer$/m);
    expect(performance.now() - started).toBeLessThan(15_000);
    await rustaOk(mac, 'down', 'lab', '--force');
  });

  test('a VM that is off is told, and with --auto-up booted', async () => {
    expect(await mac.run('ssh', ['rusta-lab', 'true'], { timeoutMs: STEP_MS })).toMatchObject({
      code: 255,
      stderr: expect.stringContaining("[error] VM 'lab' is not running\nStart it with 'rusta up lab'.\n"),
    });
    expect(await mac.rusta(['ssh-setup', 'lab', '--auto-up'], { timeoutMs: STEP_MS })).toMatchObject({ code: 0 });
    expect(mac.vm('lab').isRunning).toBe(false);
    expect(await ok('ssh', 'rusta-lab', 'echo in')).toBe('in\n');
    expect(mac.vm('lab').isRunning).toBe(true);
  });

  test('a guest with other host keys is refused until ssh-setup has read them', async () => {
    await asRoot('rm /etc/ssh/ssh_host_* && ssh-keygen -A && systemctl restart ssh');
    const refused = await mac.run('ssh', ['rusta-lab', 'echo in'], { timeoutMs: STEP_MS });
    expect(refused).toMatchObject({ code: 255, stdout: '' });
    expect(refused.stderr).toContain('Host key verification failed');
    expect(await mac.rusta(['ssh-setup', 'lab'], { timeoutMs: STEP_MS })).toMatchObject({ code: 0 });
    expect(await ok('ssh', 'rusta-lab', 'echo in')).toBe('in\n');
  });

  test('a VM of the same name that is another one is set up anew', async () => {
    await rustaOk(mac, 'down', 'lab');
    await ok('tart', 'delete', 'lab');
    await mac.addVm('lab');
    await rustaOk(mac, 'up', 'lab');
    // It does not know our key, and has the host keys of its image.
    expect(await mac.run('ssh', ['-o', 'BatchMode=yes', 'rusta-lab', 'true'], { timeoutMs: STEP_MS })).toMatchObject({ code: 255 });
    expect(await mac.rusta(['ssh-setup', 'lab'], { timeoutMs: STEP_MS })).toMatchObject({ code: 0 });
    expect(await ok('ssh', 'rusta-lab', 'echo in')).toBe('in\n');
  });

  // The last: nobody brings the agent back.
  test('an agent that is dead is not needed where the network is', async () => {
    await withoutAgent('true');
    expect(await ok('ssh', 'rusta-lab', 'echo in')).toBe('in\n');
  });
});
