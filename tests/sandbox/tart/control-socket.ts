import { readFileSync } from 'node:fs';
import type { Socket } from 'bun';
import { Frame, FrameDecoder, type StartRequest } from '../agent/frames.ts';
import { Outbox } from '../agent/outbox.ts';

export interface ControlOptions {
  readonly agentSocket: string;
  /** false: connections are closed at once, as with an agent that is down */
  readonly isUp: () => boolean;
  /** the first time that the agent answers: since when it has been listening */
  readonly answered: (since: number) => void;
  /** a client sent its request: the command line */
  readonly asked: (command: string) => void;
}

interface Peer {
  readonly outbox: Outbox;
  readonly decoder: FrameDecoder;
  other: Socket<Peer> | undefined;
}

/** Accepts in `control.sock` of the current folder, and dials the agent for every connection. Throws when it cannot bind. */
export function serveControl(options: ControlOptions): { dropAll(): void } {
  const clients = new Set<Socket<Peer>>();
  let answered = false;
  const relay = {
    data(socket: Socket<Peer>, chunk: Uint8Array) {
      socket.data.other?.data.outbox.write(chunk.slice());
    },
    drain: (socket: Socket<Peer>) => socket.data.outbox.flush(),
    close(socket: Socket<Peer>) {
      socket.data.outbox.closed();
      socket.data.other?.data.outbox.end();
      clients.delete(socket);
    },
    error: (socket: Socket<Peer>) => socket.data.outbox.closed(),
  };
  Bun.listen<Peer>({
    unix: 'control.sock',
    socket: {
      ...relay,
      async open(client) {
        client.data = { outbox: new Outbox(client), decoder: new FrameDecoder(), other: undefined };
        clients.add(client);
        const agent = options.isUp() ? await dial(options.agentSocket, client) : undefined;
        if (!agent) return client.data.outbox.end();
        client.data.other = agent;
        if (!answered) options.answered(Number(readFileSync(`${options.agentSocket}.since`, 'utf8')));
        answered = true;
      },
      data(client, chunk) {
        for (const { type, payload } of client.data.decoder.push(chunk)) {
          if (type === Frame.start) options.asked((JSON.parse(new TextDecoder().decode(payload)) as StartRequest).argv.join(' '));
        }
        relay.data(client, chunk);
      },
    },
  });
  const dial = (unix: string, client: Socket<Peer>): Promise<Socket<Peer> | undefined> =>
    Bun.connect<Peer>({
      unix,
      socket: {
        ...relay,
        open(agent) {
          agent.data = { outbox: new Outbox(agent), decoder: new FrameDecoder(), other: client };
        },
      },
    }).catch(() => undefined);
  return {
    dropAll: () => {
      for (const client of clients) client.terminate();
    },
  };
}
