import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { RUSTA } from '../../e2e/rusta.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { waitUntil } from '../../sandbox/wait.ts';
import { cannotRun, rustaOk, STEP_MS, TEST_MS } from '../guest.ts';
import { dockerSetup, nothingIsWired, onDockerLab } from './lab.ts';
import { brokenOff, type DockerSite, INSTALLER, page, silence } from './site.ts';

setDefaultTimeout(TEST_MS);
/** As get.docker.com wraps all its work, so that a part of it does nothing. */
const WRAPPED = `do_install() {\n${INSTALLER}}\ndo_install\n`;

const NO_DOCKER = /the installer exited with 0, but there is no docker/;
const hangUp = (socket: { destroy(): void }) => socket.destroy();

/** What the site answers. All on one VM, one after the other: what a failure left must not be in the way of the next run. */
describe.skipIf(cannotRun())('docker-setup, when get.docker.com has a bad day', () => {
  let mac: Mac;
  let site: DockerSite;
  onDockerLab((lab) => {
    ({ mac, site } = lab);
  });
  const setup = () => dockerSetup(mac);

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
    await nothingIsWired(mac);
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
    await nothingIsWired(mac);
  });
});
