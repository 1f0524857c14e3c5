import { RustaError } from '../errors.ts';
import type { BrokenLink } from '../system/files/broken-link.ts';

/** Returns the error for a file behind a broken link: it is not missing, its disk may not be mounted. (D28) */
export function outOfReach(path: string, { link, target }: BrokenLink): RustaError {
  return new RustaError('file_failed', `${path} cannot be read: ${link} is a link to ${target}, which is not there`, {
    hint: 'Nothing was changed. Is the disk mounted that it is on? Else remove the link, or make what it leads to.',
  });
}
