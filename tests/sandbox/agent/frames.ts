/**
 * Wire format between `tart exec` and the guest agent: u32 big-endian length of what follows, one type byte, payload.
 * The agent speaks first (`ready`), so a client can tell a live agent from a proxy that just hangs up.
 */
export const Frame = {
  /** agent -> client, once, on connect */
  ready: 0,
  /** client -> agent: JSON StartRequest */
  start: 1,
  stdin: 2,
  stdinEnd: 3,
  stdout: 4,
  stderr: 5,
  /** agent -> client: JSON number, the exit code as the guest saw it */
  exit: 6,
  /** agent -> client: text of a gRPC status, instead of an exit */
  failed: 7,
  /** agent -> client: the stream ended in good order (with or without an exit before) */
  end: 8,
  /** client -> agent: JSON TtySize */
  resize: 9,
  /** client -> agent, answered by `ip` */
  resolveIp: 10,
  ip: 11,
} as const;

export type FrameType = (typeof Frame)[keyof typeof Frame];

export interface TtySize {
  readonly cols: number;
  readonly rows: number;
}

export interface StartRequest {
  readonly argv: readonly string[];
  /** false: the command reads /dev/null */
  readonly stdin: boolean;
  readonly tty?: TtySize;
  /** Set by the ssh double only: run as sshd would (home as working folder, these variables added). */
  readonly login?: { readonly user: string; readonly env: Readonly<Record<string, string>> };
}

const HEADER = 5;

export function encodeFrame(type: FrameType, payload: Uint8Array | string = ''): Uint8Array {
  const body = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  const bytes = new Uint8Array(HEADER + body.length);
  new DataView(bytes.buffer).setUint32(0, body.length + 1);
  bytes[4] = type;
  bytes.set(body, HEADER);
  return bytes;
}

/** Cuts a byte stream back into frames; keeps the unfinished tail until more arrives. */
export class FrameDecoder {
  #rest: Uint8Array = new Uint8Array(0);

  push(chunk: Uint8Array): { type: FrameType; payload: Uint8Array }[] {
    const bytes = new Uint8Array(this.#rest.length + chunk.length);
    bytes.set(this.#rest);
    bytes.set(chunk, this.#rest.length);
    const view = new DataView(bytes.buffer);
    const frames: { type: FrameType; payload: Uint8Array }[] = [];
    let at = 0;
    while (bytes.length - at >= HEADER) {
      const size = view.getUint32(at);
      if (bytes.length - at < 4 + size) break;
      frames.push({ type: view.getUint8(at + 4) as FrameType, payload: bytes.subarray(at + HEADER, at + 4 + size) });
      at += 4 + size;
    }
    this.#rest = bytes.slice(at);
    return frames;
  }
}
