import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { RUSTA } from '../e2e/rusta.ts';
import type { Mac } from '../sandbox/mac.ts';
import { openTerminal } from '../sandbox/terminal.ts';
import { waitUntil } from '../sandbox/wait.ts';
import { addDockerVm, brokenOff, type DockerSite, INSTALLER, inGuest, page, silence } from './docker-site.ts';
import { cannotRun, rustaOk, STEP_MS, systemMac, TEST_MS } from './guest.ts';

setDefaultTimeout(TEST_MS);
/** As get.docker.com wraps all its work, so that a part of it does nothing. */
const WRAPPED = `do_install() {\n${INSTALLER}}\ndo_install\n`;

/** All on one VM, one after the other: what a failure left must not be in the way of the next run. */
describe.skipIf(cannotRun())('docker-setup, when get.docker.com has a bad day', () => {
  let mac: Mac;
  let site: DockerSite;
  beforeAll(async () => {
    mac = await systemMac();
    site = await addDockerVm(mac, 'lab');
  }, TEST_MS);
  afterAll(async () => {
    site?.[Symbol.dispose]();
    await mac?.[Symbol.asyncDispose]();
  });
  const setup = () => mac.rusta(['docker-setup', 'lab'], { timeoutMs: STEP_MS });
  const nothingIsWired = async () => {
    expect(existsSync(join(mac.home, '.ssh/config'))).toBe(false);
    expect((await mac.run('docker', ['context', 'inspect', 'docker-lab'])).code).not.toBe(0);
  };

  test.each([
    ['a page that is not there', page('not found\n', '404 Not Found'), /curl: \(22\) .*404/],
    ['a server in trouble', page('oops\n', '503 Service Unavailable'), /curl: \(22\) .*503/],
    ['half a script, known to be half', brokenOff(WRAPPED, 'length'), /curl: \((18|56)\)/],
    ['half a script, to all appearances whole', brokenOff(WRAPPED, 'none'), /Syntax error/],
    ['a script cut off before it does anything', page('set -e\necho preparing\n'), /the installer exited with 0, but there is no docker/],
    ['an empty page', page(''), /the installer exited with 0, but there is no docker/],
    ['a script that fails', page('echo cannot do it >&2\nexit 1\n'), /cannot do it/],
    ['a web page in its place', page('<html>\n<body>Log in to this network</body>\n</html>\n'), /Syntax error/],
    ['a server that hangs up', (socket: { destroy(): void }) => socket.destroy(), /curl: \(\d+\)/],
  ] as const)('%s is a failure that says so, and wires nothing', async (_, reply, said) => {
    site.answer(reply);
    const before = site.requests;
    const { code, stderr } = await setup();
    expect(code).toBe(1);
    expect(stderr).toStartWith("[error] Docker could not be set up in VM 'lab': exit code ");
    expect(stderr).toMatch(said);
    expect(stderr).toContain("Try again with 'rusta docker-setup lab'.");
    expect(site.requests).toBe(before + 1);
    await nothingIsWired();
    expect(mac.vm('lab').isRunning).toBe(true);
  });

  test('one that says nothing can be left by Ctrl-C, which stops a VM that was booted for it', async () => {
    await rustaOk(mac, 'down', 'lab');
    site.answer(silence);
    const before = site.requests;
    await using terminal = openTerminal(mac, RUSTA, ['docker-setup', 'lab']);
    await waitUntil('the request', () => site.requests > before, STEP_MS);
    terminal.press('ctrl-c');
    expect((await terminal.exited).code).toBe(130);
    expect(mac.vm('lab').isRunning).toBe(false);
    await nothingIsWired();
  });

  const withoutDocker = async () => {
    site.answer(page(INSTALLER));
    await inGuest(
      mac,
      'lab',
      'dpkg --purge docker.io containerd runc > /dev/null 2>&1; gpasswd -d admin docker; rm -rf /etc/docker; ! command -v docker',
    );
  };
  const dockerIsInstalled = async () => {
    expect(await rustaOk(mac, 'ssh', 'lab', '--', 'dpkg --audit; systemctl is-active docker; id -nG | grep -wo docker')).toBe(
      'active\ndocker\n',
    );
  };

  // Twice amid dpkg's work: it then refuses everything until it may finish what it began. Killed, it does not even end.
  test.each([
    ['SIGINT', 'Unpacking docker.io'],
    ['SIGINT', 'Setting up containerd'],
    ['SIGKILL', 'Setting up docker.io'],
  ] as const)('%s at "%s" is no obstacle to the next run', async (signal, line) => {
    if (!mac.vm('lab').isRunning) await rustaOk(mac, 'up', 'lab');
    await withoutDocker();
    const first = mac.start(RUSTA, ['--verbose', 'docker-setup', 'lab']);
    await first.waitFor(line, STEP_MS);
    first.kill(signal);
    await first.exited;
    await nothingIsWired();
    expect(await setup()).toMatchObject({ code: 0 });
    await dockerIsInstalled();
    await rustaOk(mac, 'down', 'lab');
    unwire();
  });

  test('a power cut amid the installation is none either', async () => {
    await rustaOk(mac, 'up', 'lab');
    await withoutDocker();
    const first = mac.start(RUSTA, ['--verbose', 'docker-setup', 'lab']);
    await first.waitFor('Unpacking docker.io', STEP_MS);
    await rustaOk(mac, 'down', 'lab', '--force');
    expect((await first.exited).code).toBe(1);
    await nothingIsWired();
    expect(await setup()).toMatchObject({ code: 0 });
    await rustaOk(mac, 'up', 'lab');
    await dockerIsInstalled();
    unwire();
  });

  test('a package manager that is at work already is waited for', async () => {
    await withoutDocker();
    await inGuest(mac, 'lab', `setsid perl -e '${PERL_LOCK}' > /dev/null 2>&1 < /dev/null & sleep 0.5`);
    const { code, stdout } = await mac.rusta(['--verbose', 'docker-setup', 'lab'], { timeoutMs: STEP_MS });
    expect(stdout).toContain('Another package manager is at work, waiting until it has finished\n');
    expect(code).toBe(0);
    await dockerIsInstalled();
  });

  test('a docker command without an engine is no Docker', async () => {
    await withoutDocker();
    unwire();
    await inGuest(mac, 'lab', 'install -m 755 /bin/true /usr/local/bin/docker');
    expect(await setup()).toMatchObject({ code: 0 });
    await inGuest(mac, 'lab', 'rm /usr/local/bin/docker');
    await dockerIsInstalled();
  });

  function unwire(): void {
    rmSync(join(mac.home, '.ssh/config'), { force: true });
    rmSync(join(mac.home, '.docker'), { recursive: true, force: true });
  }
});

/** As apt does: a lock of the POSIX kind on the whole file, for a few seconds. (struct flock of 64-bit Linux) */
const PERL_LOCK =
  'open F, ">", "/var/lib/apt/lists/lock"; my $lock = pack "s s x4 q q l x4", 1, 0, 0, 0, 0; fcntl F, 6, $lock or die; sleep 3';
