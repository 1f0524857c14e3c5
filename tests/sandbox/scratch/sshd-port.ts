import type { Socket } from 'bun';
import { Outbox } from '../agent/outbox.ts';
import type { Behavior } from '../knobs.ts';

const BANNER = 'SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13\r\n';

interface Peer {
  readonly outbox: Outbox;
  other: Socket<Peer> | undefined;
}

/** Serves a port of a scratch guest: the banner, then what its sshd (`unix`) and the client have to say. `way` is how the network is now. */
export function openSshPort(hostname: string, port: number, unix: string, way: () => Behavior['network']): void {
  const carry = {
    data: (socket: Socket<Peer>, chunk: Uint8Array) => socket.data.other?.data.outbox.write(chunk.slice()),
    drain: (socket: Socket<Peer>) => socket.data.outbox.flush(),
    close(socket: Socket<Peer>) {
      socket.data.outbox.closed();
      socket.data.other?.data.outbox.end();
    },
    error: (socket: Socket<Peer>) => socket.data.outbox.closed(),
  };
  try {
    Bun.listen<Peer>({
      hostname,
      port,
      socket: {
        ...carry,
        open(client) {
          client.data = { outbox: new Outbox(client), other: undefined };
          if (way() === 'refused' || way() === 'no way') client.terminate();
          if (way() !== 'open') return;
          client.data.outbox.write(new TextEncoder().encode(BANNER));
          void dial(client);
        },
      },
    });
  } catch {
    // Another machine has it: where addresses are few, one server serves them all.
  }
  const dial = async (client: Socket<Peer>) => {
    const open = (server: Socket<Peer>) => {
      server.data = { outbox: new Outbox(server), other: client };
      client.data.other = server;
    };
    await Bun.connect<Peer>({ unix, socket: { ...carry, open } }).catch(() => client.end());
  };
}
