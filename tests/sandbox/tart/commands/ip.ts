import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dialAgent } from '../../agent/client.ts';
import { Frame } from '../../agent/frames.ts';
import { out } from '../../standin/io.ts';
import type { Invocation, Subcommand } from '../command-line/command.ts';
import { runtimeError } from '../errors.ts';
import { newestLease } from '../store/leases.ts';
import { lockOwner } from '../store/locks.ts';
import { localVm, readConfig } from '../store/vm.ts';

type Resolver = (invocation: Invocation, folder: string) => string | undefined | Promise<string | undefined>;

const resolvers: Readonly<Record<string, Resolver>> = {
  // Answers from a lease whether or not the VM runs (trap 13).
  dhcp: ({ context }, folder) => newestLease(context.root, readConfig(folder).macAddress)?.ip,
  arp: ({ context }, folder) => {
    const owner = lockOwner(folder);
    const file = join(context.root, 'machines', String(owner), 'address');
    return owner !== 0 && existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  },
  agent: async (_, folder) => {
    process.chdir(folder);
    const agent = await dialAgent('control.sock');
    await agent?.send(Frame.resolveIp);
    const answer = await agent?.next();
    agent?.close();
    return answer?.type === Frame.ip ? new TextDecoder().decode(answer.payload) || undefined : undefined;
  },
};

export const ip: Subcommand = async (invocation) => {
  const { context, home, args } = invocation;
  const folder = localVm(home, args.positionals[0] ?? '');
  const name = args.value('--resolver') ?? 'dhcp';
  const resolve = resolvers[name];
  if (!resolve) throw new Error(`no resolver ${name}`);
  const second = context.knobs().timing.ipSecond;
  const until = Date.now() + (args.number('--wait') ?? 0) * second;
  do {
    const address = await resolve(invocation, folder);
    if (address !== undefined) {
      out(address);
      return 0;
    }
    await Bun.sleep(second);
  } while (Date.now() < until);
  throw runtimeError(failure(name, lockOwner(folder) !== 0));
};

function failure(resolver: string, isRunning: boolean): string {
  const message = `no IP address found${isRunning ? '' : ', is your VM running?'}`;
  if (resolver === 'agent') return `${message} (also make sure that Guest agent for Tart is running inside of a VM)`;
  return resolver === 'arp' ? `${message} (not all Linux distributions are compatible with the ARP resolver)` : message;
}
