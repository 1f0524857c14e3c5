import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { createMacOs } from '../tools/macos.ts';
import { createTart } from '../tools/tart/tart.ts';
import { boundRunner, type Hang, isHang } from './bounded.ts';
import { collectHost, type HostFacts } from './facts/host.ts';
import type { Looks } from './facts/look.ts';
import { collectNetwork, type NetworkFacts } from './facts/network.ts';
import { readState, type StateFacts } from './facts/state.ts';
import { collectTart, type TartFacts } from './facts/tart.ts';
import { collectVms, type VmFacts } from './facts/vms.ts';

/** The state of a Mac, Tart and the VMs at one moment; `undefined` where nothing told. */
export interface Facts {
  readonly host: HostFacts;
  readonly tart: TartFacts;
  readonly network: NetworkFacts;
  readonly state: StateFacts;
  readonly vms: readonly VmFacts[];
  readonly hangs: readonly Hang[];
  /** Facts that could not be collected, in the words of the errors. */
  readonly blind: readonly string[];
}

/** Milliseconds: programs that only look answer in a few, and one that takes this long hangs. */
const LIMIT_MS = 4_000;

/** Collects all facts at once and changes nothing: takes no lock, writes no file, starts no VM. Throws Interrupted. */
export async function collectFacts(app: App): Promise<Facts> {
  const hangs: Hang[] = [];
  const blind: string[] = [];
  const runner = boundRunner(app.runner, LIMIT_MS, hangs);
  const look: Looks['look'] = async (work) => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RustaError)) throw error;
      // Programs that hang are in the other list.
      if (!isHang(error)) blind.push(error.message);
      return undefined;
    }
  };
  const looks: Looks = { app, runner, tart: createTart(runner, app.paths.tartHome), macos: createMacOs(runner), look };
  const state = readState(app);
  const tart = collectTart(looks);
  const vms = tart.then((found) => collectVms(looks, found, state));
  const [host, network] = await Promise.all([collectHost(looks), collectNetwork(looks), vms]);
  return { host, tart: await tart, network, state, vms: await vms, hangs, blind };
}
