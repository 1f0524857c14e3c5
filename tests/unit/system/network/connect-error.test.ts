import { expect, test } from 'bun:test';
import { connectError } from '../../../../src/system/network/connect-error.ts';

test('a port where nobody listens refuses, and so does one whose host keeps silent', async () => {
  expect(await connectError('127.0.0.1', 2)).toBe('ECONNREFUSED');
  await using silent = await silentPort();
  expect(await connectError('127.0.0.1', silent.port)).toBe('ECONNREFUSED');
});

/** A UDP port that takes what comes and says nothing. */
async function silentPort() {
  const socket = await Bun.udpSocket({ hostname: '127.0.0.1' });
  return { port: socket.port, [Symbol.asyncDispose]: async () => socket.close() };
}

/** The kernel answers ENETUNREACH to a connection to a multicast address, and needs no network for it. */
test.skipIf(process.platform !== 'linux')(
  'Bun.connect still hides what the kernel says; where it does not, src/system/network/connect-error.ts can go',
  async () => {
    const failed = await Bun.connect({ hostname: '224.0.0.1', port: 22, socket: { data() {} } }).catch((error: unknown) => error);
    expect(failed).toHaveProperty('code', 'ECONNREFUSED');
  },
);
