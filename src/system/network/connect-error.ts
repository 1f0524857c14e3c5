import { errorCode } from '../errno.ts';

/** Errors of the kernel for a way that is closed, as against a closed port. `EHOSTDOWN` and `ENETDOWN` are macOS's. */
const NO_WAY: ReadonlySet<string> = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN']);
/** A host on a network of this machine answers within this time. */
const ANSWER_MS = 200;

/**
 * Returns why a host cannot be reached, as an errno name: ECONNREFUSED, or one that means no way. Bun calls every failed `Bun.connect`
 * ECONNREFUSED (1.4.5), but passes on the kernel's error for a UDP socket. Its datagram harms nobody.
 */
export async function connectError(host: string, port: number): Promise<string> {
  const said = Promise.withResolvers<unknown>();
  const timer = setTimeout(() => said.resolve(undefined), ANSWER_MS);
  try {
    // Types and runtime disagree about the arguments: the error is the last one.
    const error = (...args: readonly unknown[]) => said.resolve(args.at(-1));
    const socket = await Bun.udpSocket({ connect: { hostname: host, port }, socket: { error } });
    try {
      socket.send('\n');
      return nameOf(await said.promise);
    } finally {
      socket.close();
    }
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return nameOf(error);
  } finally {
    clearTimeout(timer);
  }
}

function nameOf(error: unknown): string {
  const code = errorCode(error) ?? '';
  return NO_WAY.has(code) ? code : 'ECONNREFUSED';
}
