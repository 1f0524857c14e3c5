import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { RUSTA } from '../../e2e/rusta.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { cannotRun, rustaOk, STEP_MS, TEST_MS } from '../guest.ts';
import { dockerIsInstalled, dockerSetup, nothingIsWired, onDockerLab, removeDocker, unwire } from './lab.ts';
import type { DockerSite } from './site.ts';

setDefaultTimeout(TEST_MS);

/** Ended while the installer is at work. All on one VM, one after the other: what a failure left must not be in the way. */
describe.skipIf(cannotRun())('docker-setup, when get.docker.com has a bad day', () => {
  let mac: Mac;
  let site: DockerSite;
  onDockerLab((lab) => {
    ({ mac, site } = lab);
  });
  const setup = () => dockerSetup(mac);

  // Twice amid dpkg's work: it then refuses everything until it may finish what it began. Killed, it does not even end.
  test.each([
    ['SIGINT', 'Unpacking docker.io'],
    ['SIGINT', 'Setting up containerd'],
    ['SIGKILL', 'Setting up docker.io'],
  ] as const)('%s at "%s" is no obstacle to the next run', async (signal, line) => {
    if (!mac.vm('lab').isRunning) await rustaOk(mac, 'up', 'lab');
    await removeDocker({ mac, site });
    const first = mac.start(RUSTA, ['--verbose', 'docker-setup', 'lab']);
    await first.waitFor(line, STEP_MS);
    first.kill(signal);
    await first.exited;
    await nothingIsWired(mac);
    expect(await setup()).toMatchObject({ code: 0 });
    await dockerIsInstalled(mac);
    await rustaOk(mac, 'down', 'lab');
    unwire(mac);
  });

  test('a power cut amid the installation is none either', async () => {
    await rustaOk(mac, 'up', 'lab');
    await removeDocker({ mac, site });
    const first = mac.start(RUSTA, ['--verbose', 'docker-setup', 'lab']);
    await first.waitFor('Unpacking docker.io', STEP_MS);
    await rustaOk(mac, 'down', 'lab', '--force');
    expect((await first.exited).code).toBe(1);
    await nothingIsWired(mac);
    expect(await setup()).toMatchObject({ code: 0 });
    await rustaOk(mac, 'up', 'lab');
    await dockerIsInstalled(mac);
    unwire(mac);
  });
});
