import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUSTA } from '../../e2e/rusta.ts';
import { ours } from '../../e2e/state.ts';
import { type KillPoint, runKilled, setTraps } from '../../sandbox/kill.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { waitUntil } from '../../sandbox/wait.ts';
import { cannotRun, inGuest, rustaOk, STEP_MS, systemMac, TEST_MS } from '../guest.ts';
import { addDockerVm, type DockerSite, INSTALLER, page } from './site.ts';

setDefaultTimeout(TEST_MS);
/**
 * All that docker-setup starts itself and that leaves something; on a running VM in this order: uname, list, docker's contexts, ssh-keygen, ip,
 * the guest's own addresses, ssh-copy-id, ssh to try the key, ssh to install, inspect, create, docker's version.
 */
const PROGRAMS = ['uname', 'tart', 'ssh-keygen', 'sshpass', 'docker'];
const MINE = '# mine\nHost *\n  User somebody\n  # no final newline';

interface Point extends KillPoint {
  readonly vm: 'running' | 'off';
}

const at = (vm: Point['vm'], program: number, ...delays: number[]) => delays.map((delay): Point => ({ vm, program, delay }));
const POINTS = [
  ...[...at('running', 1, 0), ...at('running', 2, 0), ...at('running', 4, 0, 8), ...at('running', 5, 0, 25)],
  ...[...at('running', 7, 0, 150, 400), ...at('running', 9, 0, 300, 700), ...at('running', 10, 0, 20), ...at('running', 11, 0, 15)],
  // The sixth boots it, after a second list under the VM's lock.
  ...[...at('off', 6, 0, 60), ...at('off', 8, 0, 300)],
];

/** One VM; before each point all is undone that docker-setup does, on the host and in the guest. */
describe.skipIf(cannotRun())('docker-setup, ended by kill -9', () => {
  let mac: Mac;
  let site: DockerSite;
  beforeAll(async () => {
    mac = await systemMac();
    site = await addDockerVm(mac, 'lab');
    // Installing it for real twenty times would take minutes: here its command alone comes and goes.
    await inGuest(mac, 'lab', `{ ${INSTALLER} } > /dev/null 2>&1`);
    site.answer(page('sleep 0.3\nmv /usr/bin/docker.off /usr/bin/docker\nsleep 0.3\n'));
    setTraps(mac, PROGRAMS);
  }, TEST_MS);
  afterAll(async () => {
    site?.[Symbol.dispose]();
    await mac?.[Symbol.asyncDispose]();
  });

  test.each(POINTS)('VM $vm, program $program, after $delay ms: a re-run puts all right', async (point) => {
    await undo();
    if (point.vm === 'off') await rustaOk(mac, 'down', 'lab');
    const killed = await runKilled(mac, [RUSTA, 'docker-setup', 'lab'], point, { timeoutMs: STEP_MS });
    expect(killed).toMatchObject({ code: null, signal: 'SIGKILL' });
    // What it booted goes on: a re-run that came before would boot it itself, and end it.
    if (point.vm === 'off') await waitUntil('the VM to run', () => mac.vm('lab').isRunning);

    expect(await broken()).toEqual([]);
    const again = await mac.rusta(['docker-setup', 'lab'], { timeoutMs: STEP_MS });
    expect({ code: again.code, said: again.code === 0 ? '' : again.stderr }).toEqual({ code: 0, said: '' });
    expect(await broken()).toEqual([]);
    await allIsRight();
    // Nor does anything hold the VM.
    expect(await rustaOk(mac, 'up', 'lab')).toMatch(/VM 'lab' is (already )?running\n/);
  });

  const sshFile = (name: string) => join(mac.home, '.ssh', name);
  const config = () => readFileSync(sshFile('config'), 'utf8');

  async function undo(): Promise<void> {
    if (!mac.vm('lab').isRunning) await rustaOk(mac, 'up', 'lab');
    const guest = `flock /home/admin true; rm -f /home/admin/.ssh/authorized_keys; gpasswd -d admin docker > /dev/null 2>&1
      systemctl disable docker 2> /dev/null; [ -e /usr/bin/docker.off ] || mv /usr/bin/docker /usr/bin/docker.off`;
    rmSync(ours(mac, 'state.toml'), { force: true });
    await inGuest(mac, 'lab', guest);
    for (const folder of ['.ssh', '.docker']) rmSync(join(mac.home, folder), { recursive: true, force: true });
    mkdirSync(join(mac.home, '.ssh'), { mode: 0o700 });
    writeFileSync(sshFile('config'), MINE);
  }

  /** What is there, but not whole. */
  async function broken(): Promise<string[]> {
    const found: string[] = [];
    const block = config().slice(0, -MINE.length);
    if (!config().endsWith(MINE) || !(block === '' || /^# >>> rusta docker-lab[\s\S]*\n# <<< rusta docker-lab <<<\n$/.test(block)))
      found.push(config());
    if (existsSync(sshFile('id_ed25519'))) {
      const half = await mac.run('/usr/bin/ssh-keygen', ['-y', '-P', '', '-f', sshFile('id_ed25519')]);
      const there = existsSync(sshFile('id_ed25519.pub')) ? readFileSync(sshFile('id_ed25519.pub'), 'utf8') : half.stdout;
      if (half.code !== 0 || half.stdout !== there) found.push(`key: ${half.stderr}${half.stdout}, public half: ${there}`);
    } else if (existsSync(sshFile('id_ed25519.pub'))) found.push('a public key alone');
    const contexts = await mac.run('/usr/bin/docker', ['context', 'ls', '--format', '{{.Name}} {{.DockerEndpoint}}']);
    if (contexts.code !== 0 || !/^default .*\n(docker-lab ssh:\/\/admin@docker-lab\n)?$/.test(contexts.stdout))
      found.push(contexts.stdout + contexts.stderr);
    return found;
  }

  async function allIsRight(): Promise<void> {
    const look = 'id -nG | grep -wo docker; systemctl is-enabled docker; systemctl is-active docker; cat .ssh/authorized_keys';
    const seen = await mac.run('/usr/bin/ssh', ['-F', sshFile('config'), '-o', 'BatchMode=yes', 'docker-lab', look], {
      timeoutMs: STEP_MS,
    });
    expect(seen.stdout).toBe(`docker\nenabled\nactive\n${readFileSync(sshFile('id_ed25519.pub'), 'utf8')}`);
    expect(config().match(/^Host docker-lab$/gm)).toHaveLength(1);
    const context = await mac.run('/usr/bin/docker', ['context', 'inspect', 'docker-lab', '--format', '{{.Endpoints.docker.Host}}']);
    expect(context.stdout).toBe('ssh://admin@docker-lab\n');
  }
});
