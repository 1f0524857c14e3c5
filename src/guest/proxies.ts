import { type Constants, constants } from './script.ts';

/** Means the Mac in the values for a guest, which replaces it by the address of its gateway: this Mac has another address in each network. */
const MAC_ITSELF = 'the-mac.invalid';

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443', 'socks5:': '1080', 'socks5h:': '1080' };

interface Proxy {
  readonly host: string;
  readonly port: string;
  readonly url: string;
}

/** Returns the values for scripts/proxies.sh: the proxies of this Mac's environment, logins included. They are a secret. */
export function proxyConstants(env: Readonly<Record<string, string>>) {
  const found = ['http_proxy', 'https_proxy'].flatMap((name) => {
    const proxy = readProxy(either(env, name) ?? '');
    return proxy === undefined ? [] : [name, name.toUpperCase(), proxy.host, proxy.port, proxy.url];
  });
  return { MAC_ITSELF, MAC_PROXIES: found, MAC_NO_PROXY: either(env, 'no_proxy') ?? '' } satisfies Constants;
}

/** Returns these values as a part of a script; undefined if this Mac uses no proxy. */
export function proxySettings(env: Readonly<Record<string, string>>): string | undefined {
  const values = proxyConstants(env);
  return values.MAC_PROXIES.length === 0 ? undefined : `${constants(values)}\n`;
}

/** Reads a variable as curl does: the lower-case spelling wins, and an empty value means no proxy. */
function either(env: Readonly<Record<string, string>>, name: string): string | undefined {
  return env[name] ?? env[name.toUpperCase()];
}

/** Reads the address of a proxy; returns undefined for a text that is empty or not such an address. */
function readProxy(text: string): Proxy | undefined {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.parse(whole);
  const defaultPort = url === null ? undefined : DEFAULT_PORTS[url.protocol];
  if (url === null || defaultPort === undefined || url.hostname === '') return undefined;
  const port = url.port === '' ? defaultPort : url.port;
  const host = isLoopback(url.hostname) ? MAC_ITSELF : url.hostname;
  const login = url.username === '' ? '' : `${url.username}${url.password === '' ? '' : `:${url.password}`}@`;
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port, url: `${url.protocol}//${login}${host}:${port}` };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || host === '0.0.0.0' || /^127\./.test(host);
}
