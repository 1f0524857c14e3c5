import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StartRequest } from '../agent/frames.ts';
import type { ProcessSpec } from '../agent/process.ts';
import { type AgentOptions, serveAgent } from '../agent/server.ts';
import { behaviorOf } from '../knobs.ts';
import { hang } from '../standin/io.ts';
import type { Program } from '../standin/programs.ts';
import { newestLease } from '../tart/store/leases.ts';
import { type GuestPlace, homeOf, serviceEnvironment, throughShell } from './environment.ts';
import { createGroups, FORGET_MS } from './groups.ts';
import { canBind } from './loopback.ts';
import { mapWord } from './mapping.ts';
import { openSshPort } from './sshd-port.ts';
import { ownTools } from './tools.ts';

const LOOPBACK = '127.0.0.1';

/** The hardware of a scratch guest: boots, gets an address, runs what agent and sshd are asked, dies with the power. */
export const machine: Program = async (context) => {
  const [folder = '', root = '', vm = '', mac = ''] = context.args;
  const knobs = context.knobs();
  const { timing } = knobs;
  const behavior = behaviorOf(knobs, vm);
  const place: GuestPlace = { root, tools: ownTools(), vm, machinePid: process.pid, sandbox: context.root };
  const groups = createGroups();
  // Nobody tells when the last process of a group has ended, and then the number may become a stranger's.
  setInterval(groups.forgetEnded, FORGET_MS);
  const powerOff = () => {
    groups.killAll();
    process.exit(0);
  };
  process.stdin.on('end', powerOff).on('error', powerOff).resume();
  process.on('SIGUSR2', () => void setTimeout(powerOff, timing.shutdown));
  let address: string | undefined;
  const options: AgentOptions = {
    prepare: (request) => inFolder(place, request),
    started: groups.add,
    address: () => (behavior.docker0 ? '172.17.0.1' : address),
    loseExit: () => behavior.losesExit,
  };
  const openSsh = (at: string) => {
    const socket = join(folder, 'sshd.sock');
    openSshPort(at, knobs.sshPort, socket, () => behaviorOf(context.knobs(), vm).network);
    // The guest's own loopback: no network is needed for it.
    if (at !== LOOPBACK) openSshPort(LOOPBACK, knobs.sshPort, socket, () => 'open');
    // Last: what it leaves beside its socket says that all of it is there.
    serveAgent(socket, { ...options, greeting: root });
  };
  const openSshLater = (at: string) => setTimeout(() => openSsh(at), Math.max(0, timing.ssh - timing.ip));
  setTimeout(() => {
    const lease = behavior.ip === 'changes' ? undefined : newestLease(context.root, mac);
    address = lease?.ip ?? ownAddress();
    writeFileAtomic(join(folder, 'dhcp'), address);
    if (behavior.ssh === 'up') openSshLater(address);
  }, timing.ip);
  writeFileSync(join(folder, 'pid'), String(process.pid));
  writeFileSync(join(folder, 'guest'), root);
  let agent: { stop(): void } | undefined;
  if (behavior.agent !== 'never') {
    setTimeout(() => {
      agent = serveAgent(join(folder, 'agent.sock'), options);
    }, timing.agentUp);
  }
  // The guest's own systemctl stops the agent this way.
  process.on('SIGUSR1', () => agent?.stop());
  return await hang();
};

function inFolder(place: GuestPlace, request: StartRequest): ProcessSpec {
  const user = request.login?.user ?? 'admin';
  const mapped = request.argv.map((word) => mapWord(word, place));
  return {
    argv: throughShell(mapped, place),
    cwd: request.login ? homeOf(place.root, user) : place.root,
    env: { ...serviceEnvironment(place, user), ...request.login?.env },
    stdin: request.stdin,
    tty: request.tty,
  };
}

/** A loopback address of its own, made of the pid so that machines of other sandboxes have others; macOS has but one. */
function ownAddress(): string {
  const { pid } = process;
  const own = `127.${64 + ((pid >> 16) & 63)}.${(pid >> 8) & 255}.${pid & 255}`;
  return canBind(own) ? own : LOOPBACK;
}

/** Readers never see half a file. */
function writeFileAtomic(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
