import { encodeFrame, FrameDecoder, type FrameType } from './frames.ts';
import { Outbox } from './outbox.ts';

export interface AgentConnection {
  send(type: FrameType, payload?: Uint8Array | string): Promise<void>;
  /** The next frame, or undefined when the connection is gone. */
  next(): Promise<{ type: FrameType; payload: Uint8Array } | undefined>;
  close(): void;
}

/** Connects to an agent, directly or by `tart run`'s control socket; undefined when nobody answers with `ready`. */
export async function dialAgent(unix: string): Promise<AgentConnection | undefined> {
  const decoder = new FrameDecoder();
  const frames: { type: FrameType; payload: Uint8Array }[] = [];
  let wake = () => {};
  let gone = false;
  const lost = () => {
    gone = true;
    wake();
  };
  const socket = await Bun.connect<Outbox | undefined>({
    unix,
    socket: {
      open(opened) {
        opened.data = new Outbox(opened);
      },
      data(_, chunk) {
        frames.push(...decoder.push(chunk).map(({ type, payload }) => ({ type, payload: payload.slice() })));
        wake();
      },
      drain: (opened) => opened.data?.flush(),
      close(opened) {
        opened.data?.closed();
        lost();
      },
      error: lost,
    },
  }).catch(() => undefined);
  const outbox = socket?.data;
  if (!socket || !outbox) return undefined;
  const next = async () => {
    while (frames.length === 0 && !gone) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return frames.shift();
  };
  const greeting = await next();
  if (!greeting) return undefined;
  return {
    send: (type, payload) => {
      outbox.write(encodeFrame(type, payload));
      return outbox.idle();
    },
    next,
    close: () => socket.end(),
  };
}
