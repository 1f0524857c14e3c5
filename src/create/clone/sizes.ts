import { RustaError } from '../../errors.ts';
import type { Sizes } from '../../tools/tart/tart.ts';

/** The owner of a disk that only grows, and the command to ask for a larger one. */
interface Growing {
  /** `VM 'lab'` */
  readonly of: string;
  /** The command line up to the number. */
  readonly command: string;
}

/** Throws RustaError for a disk that would have to shrink. */
export function refuseSmallerDisk(has: number | undefined, wanted: number | undefined, { of, command }: Growing): void {
  if (wanted === undefined || has === undefined || wanted >= has) return;
  throw new RustaError('usage', `the disk of ${of} has ${has} GB and only grows; ${wanted} GB were asked for`, {
    hint: `Nothing was changed. Try again with '${command} --disk ${has}' or more.`,
  });
}

/** Returns the wanted sizes that a VM does not have. Leaves a disk that is larger as it is. */
export function sizesToSet(has: Sizes | undefined, wanted: Sizes): Sizes {
  const grows = wanted.diskGb !== undefined && (has?.diskGb === undefined || wanted.diskGb > has.diskGb);
  return {
    ...(wanted.cpus === undefined || wanted.cpus === has?.cpus ? {} : { cpus: wanted.cpus }),
    ...(wanted.memoryMb === undefined || wanted.memoryMb === has?.memoryMb ? {} : { memoryMb: wanted.memoryMb }),
    ...(grows ? { diskGb: wanted.diskGb } : {}),
  };
}
