import { checkImage } from '../images/image.ts';
import { IMAGES } from '../images/list-edit.ts';
import { listActions } from './shared/list-actions.ts';

export const { list, add, rm, move } = listActions({
  kind: IMAGES,
  argument: { name: 'name', description: 'Name of an image, e.g. ubuntu; the namespace comes from the source', sample: 'ubuntu-desktop' },
  normalize: checkImage,
  markFirst: '(default)',
});
