import { openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from '../fault.ts';
import type { Context } from './context.ts';
import { Exit, hang, write } from './io.ts';

/** Strikes if a fault is set for this call; returns only if there is none. */
export async function strikeFaults(context: Context): Promise<void> {
  const { faults } = context.knobs();
  for (const [index, fault] of faults.entries()) {
    if (matches(fault, context) && isDue(fault, context.root, index)) await strike(fault);
  }
}

const matches = (fault: Fault, { program, shownArgs }: Context) =>
  fault.program === program && (fault.args ?? []).every((word, at) => shownArgs[at] === word);

/** Counts matching starts with files made exclusively, so that programs that start together count right. */
function isDue(fault: Fault, root: string, index: number): boolean {
  const skip = fault.after ?? 0;
  if (skip === 0 && fault.times === undefined) return true;
  const folder = join(root, 'faults');
  for (let turn = readdirSync(folder).filter((name) => name.startsWith(`${index}.`)).length; ; turn++) {
    try {
      openSync(join(folder, `${index}.${turn}`), 'wx');
      return turn >= skip && turn < skip + (fault.times ?? Number.POSITIVE_INFINITY);
    } catch {
      // taken by another start: try the next turn
    }
  }
}

async function strike(fault: Fault): Promise<void> {
  const line = 'x'.repeat(1023);
  if (fault.do === 'megabytes') for (let i = 0; i < 8192; i++) write(1, `${line}\n`);
  if (fault.do === 'garbage') write(1, new Uint8Array([0x5b, 0xff, 0x00, 0xfe, 0x7b, 0x22, 0x0a]));
  if (fault.stdout !== undefined) write(1, fault.stdout);
  if (fault.stderr !== undefined) write(2, fault.stderr);
  if (fault.do === 'hang') await hang();
  if (fault.do === 'signal') {
    process.kill(process.pid, fault.signal ?? 'SIGKILL');
    await hang();
  }
  // `partial`: what was printed is cut off in the middle, and the program still says that all is well.
  const failing = fault.do === 'exit';
  throw new Exit(fault.code ?? (failing ? 1 : 0));
}
