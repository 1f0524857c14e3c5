import { IMAGES } from '../../images/configured-lists.ts';
import { checkImage } from '../../images/image.ts';
import { listCommands } from '../shared/list-commands.ts';

export default listCommands({
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
