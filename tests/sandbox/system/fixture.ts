import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dialAgent } from '../agent/client.ts';
import { Frame } from '../agent/frames.ts';
import type { BootedGuest, GuestKind, GuestVm } from '../guest.ts';
import { createSystemGuest } from './kind.ts';
import { HOST_ENV, output } from './programs.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of VMs with its own agent program; disposing it powers everything off. */
export async function createFixture() {
  const root = await mkdtemp('/tmp/rusta-system-');
  // The way to the agent must be open to the guest's users, who are not root.
  await chmod(root, 0o755);
  const agent = join(root, 'tart-guest-agent');
  await output([process.execPath, 'build', '--compile', join(import.meta.dir, 'agent-main.ts'), '--outfile', agent]);
  const kind = createSystemGuest(agent);
  const folders: string[] = [];
  const add = async (name: string, from?: GuestVm): Promise<GuestVm> => {
    const folder = join(root, name);
    await mkdir(folder);
    folders.push(folder);
    await kind.clone(from?.folder, folder);
    return { name, folder, root, machineFolder: root, shares: [], macAddress: `02:00:00:00:00:${(folders.length + 16).toString(16)}` };
  };
  return {
    agent,
    kind,
    add,
    async [Symbol.asyncDispose]() {
      for (const folder of folders) await kind.remove(folder);
      await rm(root, { recursive: true });
    },
  };
}

/** Boots and waits for agent and address. */
export async function bootUp(kind: GuestKind, vm: GuestVm): Promise<BootedGuest & { readonly ip: string }> {
  const guest = await kind.boot(vm);
  const ended = guest.ended.then(({ crash }) => Promise.reject(new Error(`guest went off while booting: ${crash ?? 'no crash'}`)));
  const up = async () => {
    await until(async () => {
      const connection = await dialAgent(guest.agentSocket);
      connection?.close();
      return connection;
    });
    return until(() => guest.address());
  };
  return Object.assign(guest, { ip: await Promise.race([up(), ended]) });
}

/** Polls for things that announce themselves to nobody. */
export async function until<T>(ask: () => Promise<T | undefined>, milliseconds = 20_000): Promise<T> {
  const deadline = Date.now() + milliseconds;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await Bun.sleep(10);
  }
  throw new Error(`still nothing after ${milliseconds} ms: ${ask}`);
}

/** Runs a command through the agent, as `tart exec` does; code null when the agent vanished before the end. */
export async function execute(guest: BootedGuest, ...argv: string[]): Promise<Ended> {
  const connection = await dialAgent(guest.agentSocket);
  if (!connection) throw new Error('the agent does not answer');
  await connection.send(Frame.start, JSON.stringify({ argv, stdin: false }));
  let [stdout, stderr, code]: [string, string, number | null] = ['', '', null];
  for (let frame = await connection.next(); frame && frame.type !== Frame.end; frame = await connection.next()) {
    const text = new TextDecoder().decode(frame.payload);
    if (frame.type === Frame.stdout) stdout += text;
    else if (frame.type === Frame.stderr) stderr += text;
    else if (frame.type === Frame.exit) code = Number(text);
    else if (frame.type === Frame.failed) throw new Error(text);
  }
  connection.close();
  return { code, stdout, stderr };
}

/** Waits until something accepts connections there: the agent and the address are often earlier than sshd. */
const listening = (hostname: string, port: number) =>
  until(async () => {
    const connect = Bun.connect({ hostname, port, socket: { data: () => undefined } });
    const socket = await connect.catch(() => undefined);
    socket?.end();
    return socket;
  });

/** The real ssh with the real sshpass. */
export async function ssh(ip: string, password: string, ...words: string[]): Promise<Ended> {
  await listening(ip, 22);
  const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'PubkeyAuthentication=no', 'LogLevel=ERROR'];
  const child = Bun.spawn(['sshpass', '-e', 'ssh', ...options.flatMap((option) => ['-o', option]), `admin@${ip}`, ...words], {
    env: { ...HOST_ENV, SSHPASS: password },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, stdout, stderr };
}
