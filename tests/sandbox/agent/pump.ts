import { fstatSync, readFileSync } from 'node:fs';
import { isTerminal, write } from '../standin/io.ts';
import type { AgentConnection } from './client.ts';
import { Frame, type StartRequest } from './frames.ts';

export type Outcome =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'failed'; readonly status: string }
  /** the stream ended in good order, but no exit event came */
  | { readonly kind: 'silent' }
  /** the connection broke */
  | { readonly kind: 'lost' };

/** Runs one command by an agent, with this process's own streams on its ends. */
export async function pump(agent: AgentConnection, request: StartRequest): Promise<Outcome> {
  await agent.send(Frame.start, JSON.stringify(request));
  const leaveRaw = request.tty && (await isTerminal(0)) ? enterRaw(agent) : () => {};
  if (request.stdin) void feed(agent, await isTerminal(0));
  try {
    return await receive(agent);
  } finally {
    leaveRaw();
  }
}

async function receive(agent: AgentConnection): Promise<Outcome> {
  let outcome: Outcome | undefined;
  for (let frame = await agent.next(); frame; frame = await agent.next()) {
    const text = () => new TextDecoder().decode(frame?.payload);
    if (frame.type === Frame.stdout) write(1, frame.payload);
    else if (frame.type === Frame.stderr) write(2, frame.payload);
    else if (frame.type === Frame.exit) outcome = { kind: 'exit', code: Number(text()) };
    else if (frame.type === Frame.failed) outcome = { kind: 'failed', status: text() };
    else if (frame.type === Frame.end) return outcome ?? { kind: 'silent' };
  }
  return outcome ?? { kind: 'lost' };
}

async function feed(agent: AgentConnection, terminal: boolean): Promise<void> {
  if (!terminal && fstatSync(0).isFile()) {
    await agent.send(Frame.stdin, readFileSync(0));
  } else {
    const source: AsyncIterable<Uint8Array> = terminal ? process.stdin : Bun.stdin.stream();
    for await (const chunk of source) await agent.send(Frame.stdin, chunk);
  }
  await agent.send(Frame.stdinEnd);
}

function enterRaw(agent: AgentConnection): () => void {
  process.stdin.setRawMode(true);
  process.on('SIGWINCH', () => {
    const [cols = 80, rows = 24] = process.stdout.getWindowSize();
    void agent.send(Frame.resize, JSON.stringify({ cols, rows }));
  });
  return () => process.stdin.setRawMode(false);
}

export function terminalSize(): { cols: number; rows: number } {
  const [cols, rows] = process.stdout.getWindowSize();
  return { cols, rows };
}
