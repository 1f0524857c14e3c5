import { encodeFrame, FrameDecoder, type FrameType } from './frames.ts';
import { Outbox } from './outbox.ts';

export interface AgentConnection {
  /** What the agent said of itself at the start. */
  readonly greeting: string;
  send(type: FrameType, payload?: Uint8Array | string): Promise<void>;
  /** The next frame, or undefined when the connection is gone. */
  next(): Promise<{ type: FrameType; payload: Uint8Array } | undefined>;
  close(): void;
}

/** Connects to an agent, directly or by `tart run`'s control socket; undefined when nobody answers with `ready`. */
export async function dialAgent(unix: string): Promise<AgentConnection | undefined> {
  const inbox = createInbox();
  const socket = await Bun.connect<Outbox | undefined>({
    unix,
    socket: {
      open(opened) {
        opened.data = new Outbox(opened);
      },
      data: (_, chunk) => inbox.put(chunk),
      drain: (opened) => opened.data?.flush(),
      close(opened) {
        opened.data?.closed();
        inbox.end();
      },
      error: inbox.end,
    },
  }).catch(() => undefined);
  const outbox = socket?.data;
  if (!socket || !outbox) return undefined;
  return greeted(inbox, {
    close: () => socket.end(),
    write: (bytes) => {
      outbox.write(bytes);
      return outbox.idle();
    },
  });
}

/** The same through a program that carries the bytes, behind the first line that comes. Its stderr is ours. */
export async function dialThrough(command: string): Promise<AgentConnection | undefined> {
  const program = Bun.spawn(['sh', '-c', `exec ${command}`], { stdio: ['pipe', 'pipe', 'inherit'] });
  const inbox = createInbox();
  const read = async () => {
    let first: Uint8Array | undefined = new Uint8Array(0);
    for await (const chunk of program.stdout) {
      if (first === undefined) {
        inbox.put(chunk);
        continue;
      }
      first = Buffer.concat([first, chunk]);
      const end = first.indexOf(0x0a);
      if (end < 0) continue;
      inbox.put(first.subarray(end + 1));
      first = undefined;
    }
    inbox.end();
  };
  void read();
  return greeted(inbox, {
    close: () => program.kill('SIGHUP'),
    write: async (bytes) => {
      try {
        program.stdin.write(bytes);
        await program.stdin.flush();
      } catch (error) {
        // The program ends once the guest has said its last word, which is still to be read.
        if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error;
      }
    },
  });
}

async function greeted(
  { next }: ReturnType<typeof createInbox>,
  { write, close }: { write(bytes: Uint8Array): Promise<void>; close(): void },
): Promise<AgentConnection | undefined> {
  const greeting = await next();
  if (!greeting) return undefined;
  return { greeting: new TextDecoder().decode(greeting.payload), send: (type, payload) => write(encodeFrame(type, payload)), next, close };
}

function createInbox() {
  const decoder = new FrameDecoder();
  const frames: { type: FrameType; payload: Uint8Array }[] = [];
  let wake = () => {};
  let gone = false;
  return {
    put(chunk: Uint8Array) {
      frames.push(...decoder.push(chunk).map(({ type, payload }) => ({ type, payload: payload.slice() })));
      wake();
    },
    end() {
      gone = true;
      wake();
    },
    async next() {
      while (frames.length === 0 && !gone) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return frames.shift();
    },
  };
}
