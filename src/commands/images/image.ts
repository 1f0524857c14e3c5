import { checkImage } from '../../images/image.ts';
import { IMAGES } from '../../images/list-edit.ts';
import { configuredList } from '../shared/configured-list.ts';

export default configuredList({
  kind: IMAGES,
  item: {
    valueHint: 'name',
    parse: checkImage,
    description: 'Name of an image, e.g. ubuntu; the namespace comes from the source',
  },
  completes: 'images',
  sample: 'ubuntu-desktop',
  firstMark: '(default)',
});
