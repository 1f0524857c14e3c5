import type { App } from '../../app.ts';
import { RustaError } from '../../errors.ts';
import { asWord } from '../../text/shell.ts';
import type { SshTarget } from '../../tools/ssh/ssh.ts';
import { findOtherAddress } from '../../vm/address/address.ts';
import { beginPatience, type Patience } from '../../vm/waits/patience.ts';
import { type FailWhen, WAITS } from '../../vm/waits/waits.ts';
import { NO_WAY } from './local-network.ts';
import { answersInside, isClosedWay, throughAgent } from './through-agent.ts';
import { refusalHint } from './trouble.ts';

/** The end of a program that logs in. */
interface LoginResult {
  readonly code: number;
  /** Why it could not connect; it has done nothing then. */
  readonly refused: string | undefined;
}

/** A way into a running guest. */
export interface Login {
  /** The present target: its address may change or give way to the guest agent, and its key may be dropped. */
  readonly target: SshTarget;
  /**
   * Starts a program that logs in, at once: a probe without a login would be punished (D11). Starts it again while it cannot connect,
   * which is the wait of spec 6.1, but never after the guest has let it in. Throws RustaError after the timeout.
   */
  through<T extends LoginResult>(start: (target: SshTarget) => Promise<T>, isKeyRefused?: (result: T) => boolean): Promise<T>;
}

const REFUSED = /Connection refused/i;
/** Refusals after which the guest is asked for its address again: this one may be an old lease of another VM. */
const REFUSALS_PER_ADDRESS = 5;
/** Milliseconds of nothing but "no way" after which waiting is over; for some seconds a guest that has just booted answers so too. */
const NO_WAY_MS = 10_000;

export function createLogin(app: App, vm: string, found: SshTarget, failWhen?: FailWhen): Login {
  let target = found;
  const connect = async <T extends LoginResult>(start: (target: SshTarget) => Promise<T>): Promise<T> => {
    using patience = beginPatience(app, { wait: WAITS.ssh, vm, failWhen });
    const isHopeless = noWayFor(patience, Math.min(NO_WAY_MS, app.timeouts.of(WAITS.ssh) / 2));
    const findWay = wayFinder(app, vm);
    for (let refusals = 1; ; refusals += 1) {
      const result = await start(target);
      if (result.refused === undefined) return result;
      const way = await findWay(target, result.refused, refusals);
      if (way !== undefined) {
        target = way;
        continue;
      }
      if (isHopeless(result.refused)) return result;
      await pause(patience, vm, target, result.refused);
      if (target.proxyCommand !== undefined || refusals % REFUSALS_PER_ADDRESS > 0) continue;
      const address = await findOtherAddress(app, vm, target.address);
      if (address !== undefined) target = { ...target, address };
    }
  };
  return {
    get target() {
      return target;
    },
    async through(start, isKeyRefused) {
      const result = await connect(start);
      if (target.privateKey === undefined || isKeyRefused?.(result) !== true) return result;
      app.out.warn(
        `VM '${vm}' does not accept the key ${target.privateKey} any more: logging in with the password. 'rusta docker-setup ${asWord(vm)}' brings the key back.`,
      );
      target = { ...target, privateKey: undefined };
      await app.store.update((edit) => edit.setVm(vm, { key: undefined }));
      return connect(start);
    },
  };
}

/** Returns a function that finds the way to try next, at once, after so many refusals. It finds undefined if there is nothing but to wait. */
function wayFinder(app: App, vm: string): (target: SshTarget, refused: string, refusals: number) => Promise<SshTarget | undefined> {
  let isUpInside = false;
  return async (target, refused, refusals) => {
    if (target.proxyCommand !== undefined || !(isUpInside || isClosedWay(refused, refusals))) return undefined;
    if (!isUpInside && REFUSED.test(refused)) {
      isUpInside = await answersInside(app, vm, target.port);
      // A guest that boots refuses until its sshd runs, which may have begun just now: then its address has to refuse once more.
      return isUpInside ? target : undefined;
    }
    return throughAgent(app, vm, target, { address: target.address, reason: refused });
  };
}

async function pause(patience: Patience, vm: string, target: SshTarget, refused: string): Promise<void> {
  try {
    await patience.pause(`${refused} (${target.address}:${target.port})`);
  } catch (error) {
    const hint = error instanceof RustaError && error.code === 'timed_out' ? refusalHint(vm, refused) : undefined;
    throw hint === undefined || !(error instanceof RustaError) ? error : error.withHint(hint);
  }
}

/** Returns a function that tells whether nothing but "no way" has come for so long that the network will not let us through. */
function noWayFor(patience: Patience, limitMs: number): (refused: string) => boolean {
  let since: number | undefined;
  return (refused) => {
    since = NO_WAY.test(refused) ? (since ?? patience.elapsedMs()) : undefined;
    return since !== undefined && patience.elapsedMs() - since >= limitMs;
  };
}
