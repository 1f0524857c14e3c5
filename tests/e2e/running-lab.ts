import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../sandbox/mac.ts';

/** A Mac with a VM `lab` that runs, and a `~/.ssh` with nothing in it. */
export async function macWithRunningLab(): Promise<Mac> {
  await using stack = new AsyncDisposableStack();
  const mac = stack.use(await createMac());
  await mac.addVm('lab', { running: true });
  mkdirSync(join(mac.home, '.ssh'), { mode: 0o700 });
  stack.move();
  return mac;
}
