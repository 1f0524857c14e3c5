import { RustaError } from '../errors.ts';
import { isComponent } from '../state/grammar.ts';

/** The images as long as none is configured; `create` clones the first. (spec 4.13) */
export const IMAGE_SEEDS: readonly string[] = ['ubuntu', 'ubuntu-desktop'];

const MAX_LENGTH = 128;

/** Returns the image name unchanged. Throws RustaError naming what is wrong with it. */
export function checkImage(name: string): string {
  const invalid = (why: string) =>
    new RustaError('usage', `'${name}' is not an image name: ${why}`, {
      hint: 'Use one name such as ubuntu; the namespace comes from the source.',
    });
  if (name.includes('/')) throw invalid("it must not have a '/'");
  if (/[:@]/.test(name)) throw invalid('it must not have a tag or digest');
  if (name.length > MAX_LENGTH || !isComponent(name)) throw invalid("use lower-case letters, digits, '.', '_' and '-'");
  return name;
}
