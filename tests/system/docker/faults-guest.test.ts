import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { RUSTA } from '../../e2e/rusta.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { cannotRun, inGuest, rustaOk, STEP_MS, TEST_MS } from '../guest.ts';
import { holdLock, raceFor } from '../locks.ts';
import { dockerIsInstalled, dockerSetup, nothingIsWired, onDockerLab, removeDocker, unwire } from './lab.ts';
import { type DockerSite, INSTALLER, page } from './site.ts';

setDefaultTimeout(TEST_MS);
const WAITING = 'Another package manager is at work, waiting until it has finished';

/** What is in the guest already: locks, other engines, leftovers. All on one VM, one after the other. */
describe.skipIf(cannotRun())('docker-setup, when get.docker.com has a bad day', () => {
  let mac: Mac;
  let site: DockerSite;
  onDockerLab((lab) => {
    ({ mac, site } = lab);
  });
  const setup = () => dockerSetup(mac);

  const isSetUp = async () => {
    const { code, stdout } = await mac.rusta(['--verbose', 'docker-setup', 'lab'], { timeoutMs: STEP_MS });
    expect({ code, stdout }).toMatchObject({ code: 0 });
    await dockerIsInstalled(mac);
    unwire(mac);
    return stdout;
  };

  test('when a package manager is at work already, then it is waited for', async () => {
    if (!mac.vm('lab').isRunning) await rustaOk(mac, 'up', 'lab');
    await removeDocker({ mac, site });
    const lock = await holdLock(mac, 'lab', '/var/cache/apt/archives/lock');
    const setup = mac.start(RUSTA, ['--verbose', 'docker-setup', 'lab']);
    await setup.waitFor(WAITING, STEP_MS);
    await lock.release();
    expect((await setup.exited).code).toBe(0);
    await dockerIsInstalled(mac);
    unwire(mac);
  });

  test.each([
    ['update', '/var/lib/apt/lists/lock'],
    ['install', '/var/cache/apt/archives/lock'],
  ])("when a lock is taken just before the installer's own apt-get %s, then that is run again", async (verb, path) => {
    await removeDocker({ mac, site });
    await inGuest(
      mac,
      'lab',
      `rm -f /run/raced; cat > /usr/local/bin/apt-get <<'RACE'\n${raceFor('/usr/bin/apt-get', verb, path)}RACE\nchmod 755 /usr/local/bin/apt-get`,
    );
    expect(await isSetUp()).toContain(WAITING);
    await inGuest(mac, 'lab', 'rm /usr/local/bin/apt-get');
  });

  test('when the installer leaves a program behind that keeps its output open, then docker-setup ends, and can be run again', async () => {
    await removeDocker({ mac, site });
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
    await removeDocker({ mac, site });
    await inGuest(mac, 'lab', `mkdir -p ${path.replace(/[^/]+$/, '')}; printf '#!/bin/sh\n%s\n' '${body}' > ${path}; chmod 755 ${path}`);
    const before = site.requests;
    const { code, stderr } = await setup();
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`Docker could not be set up in VM 'lab': ${reason}\n`),
    });
    expect(site.requests).toBe(before);
    await nothingIsWired(mac);
    await inGuest(mac, 'lab', `rm ${path}; ! dpkg -s docker.io > /dev/null 2>&1`);
  });

  test('a docker command without an engine is no Docker', async () => {
    await removeDocker({ mac, site });
    unwire(mac);
    await inGuest(mac, 'lab', 'install -m 755 /bin/true /usr/local/bin/docker');
    // It comes first on the guest's PATH, so the context cannot be used, and that is said.
    expect(await setup()).toMatchObject({ code: 1, stderr: expect.stringContaining("cannot be used: 'docker --context' failed") });
    await inGuest(mac, 'lab', 'rm /usr/local/bin/docker');
    await dockerIsInstalled(mac);
  });
});
