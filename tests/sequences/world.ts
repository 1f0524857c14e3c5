import { type Allowed, checkList, checkLosses, NOTHING, snapshot } from './checks.ts';
import { playCommand } from './command.ts';
import { disturb, moveBack, playTart } from './disturb.ts';
import { FakeMac } from './fake-mac.ts';
import type { Step } from './steps.ts';

/** A Mac, and what must be true of it whatever is done. */
export class World {
  readonly #mac = new FakeMac();

  async play(step: Step): Promise<void> {
    const before = snapshot(this.#mac);
    const allowed = await this.#do(step);
    checkLosses(this.#mac, before, allowed);
    await checkList(this.#mac);
  }

  dispose(): void {
    this.#mac.dispose();
  }

  async #do(step: Step): Promise<Allowed> {
    if (step.does === 'rusta') return playCommand(this.#mac, step);
    if (step.does === 'switch') this.#mac.home = step.home;
    else if (step.does === 'tart') return playTart(this.#mac, step.args);
    else if (step.does === 'move back') moveBack(this.#mac);
    else return disturb(this.#mac, step.does, step.vm);
    return NOTHING;
  }
}
