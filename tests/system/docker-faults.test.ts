import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { RUSTA } from '../e2e/rusta.ts';
import type { Mac } from '../sandbox/mac.ts';
import { openTerminal } from '../sandbox/terminal.ts';
import { waitUntil } from '../sandbox/wait.ts';
import { addDockerVm, brokenOff, type DockerSite, INSTALLER, inGuest, page, silence } from './docker-site.ts';
import { cannotRun, rustaOk, STEP_MS, systemMac, TEST_MS } from './guest.ts';
import { holdLock, raceFor } from './locks.ts';

setDefaultTimeout(TEST_MS);
/** As get.docker.com wraps all its work, so that a part of it does nothing. */
const WRAPPED = `do_install() {\n${INSTALLER}}\ndo_install\n`;

const WAITING = 'Another package manager is at work, waiting until it has finished';
const NO_DOCKER = /the installer exited with 0, but there is no docker/;
const hangUp = (socket: { destroy(): void }) => socket.destroy();

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
    ['a page that is not there', page('not found\n', '404 Not Found'), 'the server answered with HTTP 404', /curl: \(22\) .*404/],
    ['a server in trouble', page('oops\n', '503 Service Unavailable'), 'the server answered with HTTP 503', /curl: \(22\) .*503/],
    ['half a script, known to be half', brokenOff(WRAPPED, 'length'), 'the connection to the server was cut', /curl: \((18|56)\)/],
    ['half a script, to all appearances whole', brokenOff(WRAPPED, 'none'), 'exit code 2', /Syntax error/],
    ['a script cut off before it does anything', page('set -e\necho preparing\n'), 'exit code 1', NO_DOCKER],
    ['an empty page', page(''), 'exit code 1', NO_DOCKER],
    ['a script that fails', page('echo cannot do it >&2\nexit 1\n'), 'exit code 1', /cannot do it/],
    ['a web page in its place', page('<html>\n<body>Log in to this network</body>\n</html>\n'), 'exit code 2', /Syntax error/],
    ['a server that hangs up', hangUp, 'the connection to the server was cut', /curl: \(\d+\)/],
  ] as const)('%s is a failure that says so, and wires nothing', async (_, reply, reason, said) => {
    site.answer(reply);
    const before = site.requests;
    const { code, stderr } = await setup();
    expect(code).toBe(1);
    expect(stderr).toStartWith(`[error] Docker could not be set up in VM 'lab': ${reason}\n`);
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

  const isSetUp = async () => {
    const { code, stdout } = await mac.rusta(['--verbose', 'docker-setup', 'lab'], { timeoutMs: STEP_MS });
    expect({ code, stdout }).toMatchObject({ code: 0 });
    await dockerIsInstalled();
    unwire();
    return stdout;
  };

  test('when a package manager is at work already, then it is waited for', async () => {
    if (!mac.vm('lab').isRunning) await rustaOk(mac, 'up', 'lab');
    await withoutDocker();
    const lock = await holdLock(mac, 'lab', '/var/cache/apt/archives/lock');
    const setup = mac.start(RUSTA, ['--verbose', 'docker-setup', 'lab']);
    await setup.waitFor(WAITING, STEP_MS);
    await lock.release();
    expect((await setup.exited).code).toBe(0);
    await dockerIsInstalled();
    unwire();
  });

  test.each([
    ['update', '/var/lib/apt/lists/lock'],
    ['install', '/var/cache/apt/archives/lock'],
  ])("when a lock is taken just before the installer's own apt-get %s, then that is run again", async (verb, path) => {
    await withoutDocker();
    await inGuest(
      mac,
      'lab',
      `rm -f /run/raced; cat > /usr/local/bin/apt-get <<'RACE'\n${raceFor('/usr/bin/apt-get', verb, path)}RACE\nchmod 755 /usr/local/bin/apt-get`,
    );
    expect(await isSetUp()).toContain(WAITING);
    await inGuest(mac, 'lab', 'rm /usr/local/bin/apt-get');
  });

  test('when the installer leaves a program behind that keeps its output open, then docker-setup ends, and can be run again', async () => {
    await withoutDocker();
    site.answer(page(`${INSTALLER}sleep 1000 & echo left behind\n`));
    expect(await isSetUp()).toContain('left behind\n');
    await inGuest(mac, 'lab', 'dpkg --purge docker.io containerd runc > /dev/null 2>&1; pgrep -x sleep');
    await isSetUp();
    await inGuest(mac, 'lab', 'pkill -x sleep');
  });

  test.each([
    ['the snap of Docker', '/snap/bin/docker', 'exit 0', 'the guest has the snap of Docker, which has no docker.service'],
    ['podman', '/usr/local/bin/docker', 'echo "podman version 4.9.3"', 'the guest has a docker command of podman'],
    [
      'an engine of its own',
      '/usr/local/bin/docker',
      'echo 27.0.1',
      'the guest has a docker command of an engine that is not docker.service',
    ],
  ])('when the guest has %s, then that is said and left alone', async (_, path, body, reason) => {
    await withoutDocker();
    await inGuest(mac, 'lab', `mkdir -p ${path.replace(/[^/]+$/, '')}; printf '#!/bin/sh\n%s\n' '${body}' > ${path}; chmod 755 ${path}`);
    const before = site.requests;
    const { code, stderr } = await setup();
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`Docker could not be set up in VM 'lab': ${reason}\n`),
    });
    expect(site.requests).toBe(before);
    await nothingIsWired();
    await inGuest(mac, 'lab', `rm ${path}; ! dpkg -s docker.io > /dev/null 2>&1`);
  });

  test('a docker command without an engine is no Docker', async () => {
    await withoutDocker();
    unwire();
    await inGuest(mac, 'lab', 'install -m 755 /bin/true /usr/local/bin/docker');
    // It comes first on the guest's PATH, so the context cannot be used, and that is said.
    expect(await setup()).toMatchObject({ code: 1, stderr: expect.stringContaining("cannot be used: 'docker --context' failed") });
    await inGuest(mac, 'lab', 'rm /usr/local/bin/docker');
    await dockerIsInstalled();
  });

  function unwire(): void {
    rmSync(join(mac.home, '.ssh/config'), { force: true });
    rmSync(join(mac.home, '.docker'), { recursive: true, force: true });
  }
});
