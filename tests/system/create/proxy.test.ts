import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { ours } from '../../e2e/state.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { statePaths } from '../../sandbox/system/state.ts';
import { type DockerSite, hostSideOf, openDockerSite } from '../docker/site.ts';
import { cannotRun, inGuest, installedOf, rustaOk, systemMac, TEST_MS } from '../guest.ts';
import { unlikelyPassword, watchCommandLines } from '../watch.ts';
import { type ForwardProxy, startForwardProxy } from './forward-proxy.ts';
import { clonedVm, plant } from './plant.ts';

setDefaultTimeout(TEST_MS);
const SECRET = unlikelyPassword();

/** The guest has a way to the Mac and no further, as behind a company's proxy. The steps build on one another. */
describe.skipIf(cannotRun())("the Mac's proxies hold in the guest for runs that install something, and for these alone", () => {
  let mac: Mac;
  let proxy: ForwardProxy;
  let site: DockerSite | undefined;
  beforeAll(async () => {
    mac = await systemMac();
    await clonedVm(mac, 'lab');
    const mirror = join(realpathSync(statePaths(mac.vm('lab').folder).base), 'srv/mirror');
    proxy = await startForwardProxy({
      login: `me:${SECRET}`,
      mirror,
      tunnelTo: () => ({ host: hostSideOf(mac.vm('lab').address ?? ''), port: 443 }),
    });
    await plant(mac, 'lab', '/etc/apt/sources.list.d/mirror.list', 'deb [trusted=yes] http://mirror.test/ ./\n');
    await plant(mac, 'lab', '/srv/route', ROUTE, 0o755);
    const unit = '[Unit]\nBefore=tart-guest-agent.service\n[Service]\nType=oneshot\nExecStart=/srv/route\n';
    await plant(mac, 'lab', '/etc/systemd/system/route.service', unit);
    await plant(
      mac,
      'lab',
      '/etc/systemd/system/tart-guest-agent.service.d/route.conf',
      '[Unit]\nWants=route.service\nAfter=route.service\n',
    );
  }, TEST_MS);
  afterAll(async () => {
    site?.[Symbol.dispose]();
    await mac?.[Symbol.asyncDispose]();
    await proxy?.[Symbol.asyncDispose]();
  });

  /** Runs it watched: the login is in no command line, trace or log of the Mac or the guest. */
  async function withProxy(...args: string[]): Promise<string> {
    const url = `http://me:${SECRET}@localhost:${proxy.port}`;
    const log = join(mac.root, `${args[0]}.log`);
    const watch = watchCommandLines();
    const { code, stdout, stderr } = await mac.rusta(['--verbose', '--log', log, ...args], {
      env: { http_proxy: url, HTTPS_PROXY: url, no_proxy: 'example.test' },
      timeoutMs: TEST_MS,
    });
    const seen = watch.seen();
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(seen.filter((line) => line.includes(SECRET))).toEqual([]);
    expect(stdout + stderr + readFileSync(log, 'utf8')).not.toContain(SECRET);
    expect(proxy.refused).toBe(0);
    return stdout;
  }

  /** What of the login is left in the guest, on disk or in memory. */
  const left = () => inGuest(mac, 'lab', `grep -rlI ${SECRET.slice(1)} /etc /run /tmp /root /home /var /usr/local 2> /dev/null || true`);

  test('create installs through a proxy on the loopback of the Mac', async () => {
    await withProxy('create', 'lab', '--resume', '--gui', 'lightdm');
    expect(proxy.passed).toContain('GET http://mirror.test/./Packages');
    expect(proxy.passed.filter((request) => request.endsWith('.deb')).length).toBeGreaterThanOrEqual(5);
    for (const file of ['provision/lab.sh', 'provision/lab.log']) expect(readFileSync(ours(mac, file), 'utf8')).not.toContain(SECRET);
    await rustaOk(mac, 'up', 'lab');
    expect(await installedOf(mac, 'lab', ['git', 'curl'])).toEqual(['git', 'curl']);
    expect(await left()).toBe('');
  });

  test('lists are refreshed once, and the desktop was downloaded while the server was installed', async () => {
    expect(proxy.passed.filter((request) => request.endsWith('/Packages'))).toHaveLength(1);
    expect(proxy.passed.filter((request) => request.includes('/lightdm_'))).toHaveLength(1);
    const log = readFileSync(ours(mac, 'provision/lab.log'), 'utf8');
    expect(log.slice(log.indexOf('Installing lightdm'))).toContain('Need to get 0 B/');
    expect(await inGuest(mac, 'lab', 'ls /var/cache/apt | grep rusta || true; ls /var/lib/rusta')).toBe('identity\n');
  });

  test('docker-setup downloads and installs through it', async () => {
    site = await openDockerSite(mac, 'lab');
    // Only by the proxy is it found.
    await inGuest(mac, 'lab', "sed -i '/get.docker.com/d' /etc/hosts");
    const before = proxy.passed.length;
    await withProxy('docker-setup', 'lab');
    const requests = proxy.passed.slice(before);
    expect(requests[0]).toBe('CONNECT get.docker.com:443');
    expect(requests.filter((request) => request.endsWith('.deb'))).not.toEqual([]);
    expect(await left()).toBe('');
  });

  test('afterwards the guest knows of none', async () => {
    const count = proxy.passed.length;
    const { code } = await mac.rusta(['ssh', 'lab', '--', 'sudo apt-get update -o APT::Update::Error-Mode=any -o Acquire::Retries=0'], {
      timeoutMs: TEST_MS,
    });
    expect(code).toBe(100);
    expect(await inGuest(mac, 'lab', 'env | grep -i proxy || true; apt-config dump | grep -i proxy:: || true')).toBe('');
    expect(proxy.passed.length).toBe(count);
  });

  test('one that does not answer is left out with a warning', async () => {
    await inGuest(mac, 'lab', 'dpkg --purge docker.io containerd runc > /dev/null 2>&1; true');
    const { code, stderr } = await mac.rusta(['docker-setup', 'lab'], { env: { https_proxy: 'http://127.0.0.1:9' }, timeoutMs: TEST_MS });
    expect(code).toBe(1);
    expect(stderr).toStartWith('[warn] the proxy of this Mac at port 9 (https_proxy) does not answer the guest, which goes on without it');
    expect(stderr).toContain("Docker could not be set up in VM 'lab': the guest cannot find the address of get.docker.com\n");
  });
});

/** The guest's cable is a /30, and the Mac its other end. */
const ROUTE = `#!/bin/bash
until own="$(ip -4 -oneline address show dev enp0s1 | sed -n 's#.* inet \\([0-9.]*\\)/.*#\\1#p')" && [ -n "$own" ]; do sleep 0.1; done
ip route add default via "\${own%.*}.$((\${own##*.} - 1))"
`;
