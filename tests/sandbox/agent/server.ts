/**
 * The guest agent: runs commands for whoever connects to its Unix socket (frames.ts).
 *
 * How to start it inside a guest: link or copy the compiled stand-in binary to a file called `tart-guest-agent` and run
 *   tart-guest-agent /path/to/agent.sock          (systemd: Type=exec, User=admin, no Restart=)
 * The folder must exist and be writable for that user; a stale socket file is replaced. Commands get the service's
 * environment and run in `/`. Beside the socket it leaves `<socket>.since`: milliseconds since 1970 when it began to listen.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import type { Socket } from 'bun';
import { encodeFrame, Frame, FrameDecoder, type FrameType, type StartRequest, type TtySize } from './frames.ts';
import { Outbox } from './outbox.ts';
import { type ProcessSpec, type RunningCommand, startCommand } from './process.ts';
import { startFailure } from './start-failure.ts';

export interface AgentOptions {
  /** Said to whoever connects. */
  readonly greeting?: string;
  /** Turns a request into what is really run; the scratch guest maps paths here. */
  readonly prepare?: (request: StartRequest) => ProcessSpec;
  readonly address?: () => string | undefined;
  readonly started?: (pid: number) => void;
  /** true: the stream ends without an exit event */
  readonly loseExit?: () => boolean;
}

interface Session {
  readonly outbox: Outbox;
  readonly decoder: FrameDecoder;
  command?: RunningCommand;
}

const inGuest = (request: StartRequest): ProcessSpec => {
  const { SANDBOX: _, ...env } = process.env as Record<string, string>;
  return { argv: request.argv, cwd: '/', env, stdin: request.stdin, tty: request.tty };
};

const firstAddress = (): string | undefined =>
  Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)?.address;

/** Serves until `stop`, which cuts off whoever is connected. */
export function serveAgent(socketPath: string, options: AgentOptions = {}): { stop(): void } {
  rmSync(socketPath, { force: true });
  const listener = Bun.listen<Session>({
    unix: socketPath,
    socket: {
      open(socket) {
        socket.data = { outbox: new Outbox(socket), decoder: new FrameDecoder() };
        socket.data.outbox.write(encodeFrame(Frame.ready, options.greeting));
      },
      data(socket, chunk) {
        for (const { type, payload } of socket.data.decoder.push(chunk)) receive(socket, type, payload, options);
      },
      drain: (socket) => socket.data.outbox.flush(),
      close(socket) {
        socket.data.outbox.closed();
        socket.data.command?.kill();
      },
      error: (socket) => socket.data.outbox.closed(),
    },
  });
  writeFileSync(`${socketPath}.since`, String(Date.now()));
  return { stop: () => listener.stop(true) };
}

function receive(socket: Socket<Session>, type: FrameType, payload: Uint8Array, options: AgentOptions): void {
  const { outbox, command } = socket.data;
  const json = () => JSON.parse(new TextDecoder().decode(payload)) as unknown;
  if (type === Frame.start) start(socket, json() as StartRequest, options);
  else if (type === Frame.stdin) command?.stdin(payload);
  else if (type === Frame.stdinEnd) command?.stdinEnd();
  else if (type === Frame.resize) command?.resize(json() as TtySize);
  else if (type === Frame.resolveIp) outbox.write(encodeFrame(Frame.ip, (options.address ?? firstAddress)() ?? ''));
}

function start(socket: Socket<Session>, request: StartRequest, options: AgentOptions): void {
  const { outbox } = socket.data;
  const send = (type: FrameType) => (chunk: Uint8Array) => {
    outbox.write(encodeFrame(type, chunk));
    return outbox.idle();
  };
  const spec = (options.prepare ?? inGuest)(request);
  try {
    const command = startCommand(spec, { stdout: send(Frame.stdout), stderr: send(Frame.stderr) });
    socket.data.command = command;
    options.started?.(command.pid);
    void command.finished.then((code) => {
      if (!options.loseExit?.()) outbox.write(encodeFrame(Frame.exit, JSON.stringify(code)));
      outbox.write(encodeFrame(Frame.end));
      outbox.end();
    });
  } catch (error) {
    outbox.write(encodeFrame(Frame.failed, startFailure(error, request.argv[0] ?? '', spec.argv[0] ?? '')));
    outbox.write(encodeFrame(Frame.end));
    outbox.end();
  }
}
