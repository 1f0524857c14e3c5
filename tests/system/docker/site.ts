import { createServer, type TLSSocket } from 'node:tls';
import { testCa } from '../../registry/servers/ca.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { inGuest, rustaOk } from '../guest.ts';

/** What the page answers: written to the connection as it is. */
type Reply = (socket: TLSSocket) => void;

/** https://get.docker.com, for one running VM. */
export interface DockerSite extends Disposable {
  /** From now on. */
  answer(reply: Reply): void;
  readonly requests: number;
}

/**
 * As the real script, from the guest's own package mirror. What the settings turn off needs parts of the kernel that no
 * container may touch: forwarding, packet filters and a bridge.
 */
export const INSTALLER = `set -e
mkdir -p /etc/docker
echo '{ "ip-forward": false, "iptables": false, "bridge": "none" }' > /etc/docker/daemon.json
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends docker.io
command -v docker || apt-get install -y --no-install-recommends docker-cli
`;

const head = (status: string, ...more: string[]) => [`HTTP/1.1 ${status}`, 'Connection: close', ...more, '', ''].join('\r\n');

/** A whole answer. */
export const page =
  (body: string, status = '200 OK'): Reply =>
  (socket) =>
    socket.end(`${head(status, `Content-Length: ${body.length}`)}${body}`);
/** A script of which a part arrives, from a server that said how long it is, and from one that did not. */
export const brokenOff =
  (body: string, declared: 'length' | 'none'): Reply =>
  (socket) =>
    socket.end(head('200 OK', ...(declared === 'length' ? [`Content-Length: ${body.length}`] : [])) + body.slice(0, body.length / 2));
export const silence: Reply = () => undefined;

/** Serves get.docker.com to this running VM, which from now on takes it for the real one; it gets curl, too. */
export async function openDockerSite(mac: Mac, vm: string): Promise<DockerSite> {
  const { ca, server: pair } = await testCa();
  let reply = page(INSTALLER);
  let requests = 0;
  const server = createServer(pair, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => {
      requests += 1;
      reply(socket);
    });
  });
  const host = hostSideOf(mac.vm(vm).address ?? '');
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen(443, host, listening.resolve);
  await listening.promise;
  await inGuest(
    mac,
    vm,
    `set -e
cat > /usr/local/share/ca-certificates/test.crt <<'PEM'
${ca.trim()}
PEM
update-ca-certificates > /dev/null
echo '${host} get.docker.com' >> /etc/hosts
command -v curl > /dev/null || { apt-get update && apt-get install -y curl; } > /dev/null 2>&1
`,
  );
  return {
    answer: (next) => {
      reply = next;
    },
    get requests() {
      return requests;
    },
    [Symbol.dispose]: () => void server.close(),
  };
}

/** A VM that boots, trusts the site, and is off or on as wanted. */
export async function addDockerVm(mac: Mac, vm: string): Promise<DockerSite> {
  await mac.addVm(vm);
  await rustaOk(mac, 'up', vm);
  return openDockerSite(mac, vm);
}

/** The other end of a guest's cable, which is a /30. */
export const hostSideOf = (guest: string) => guest.replace(/\d+$/, (last) => String(Number(last) - 1));
