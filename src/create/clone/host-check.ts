import type { App } from '../../app.ts';
import { RustaError } from '../../errors.ts';
import { hostSize } from '../../tools/host.ts';
import type { Sizes } from '../../tools/tart/tart.ts';

const MIB = 1_048_576;

/**
 * Checks the sizes against this Mac: Tart sets any size, and only the boot fails, minutes later (docs/tart.md, trap 19). Throws
 * RustaError with what this Mac has.
 */
export async function checkHostSize(app: Pick<App, 'runner'>, vm: string, { cpus, memoryMb }: Sizes): Promise<void> {
  const host = await hostSize(app.runner);
  if (host === undefined) return;
  const hostMb = Math.floor(host.memoryBytes / MIB);
  const refuse = (what: string, has: string, flag: string) => {
    throw new RustaError('usage', `VM '${vm}' cannot have ${what}: this Mac has ${has}`, {
      hint: `Nothing was changed. Try again with ${flag} or less.`,
    });
  };
  if (cpus !== undefined && cpus > host.cpus) refuse(`${cpus} CPUs`, String(host.cpus), `--cpus ${host.cpus}`);
  if (memoryMb !== undefined && memoryMb > hostMb) refuse(`${memoryMb} MB of memory`, `${hostMb} MB`, `--memory ${hostMb}`);
}
