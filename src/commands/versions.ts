import { checkImage } from '../images/image.ts';
import { listVersions } from '../images/versions.ts';
import { command } from './shared/leaf.ts';

export const versions = command({
  name: 'versions',
  summary: 'List the versions that can be created',
  description: 'Asks every configured source for every configured image. Exit code 1 if none of them answers.',
  args: {
    source: { type: 'string', valueHint: 'registry', description: 'Ask only this configured source (prefix or label)' },
    image: { type: 'string', valueHint: 'name', description: 'Ask only for this image' },
  },
  examples: [
    ['rusta versions', 'everything that there is'],
    ['rusta versions --image ubuntu', 'the releases of one image'],
    ['rusta versions --source cirruslabs', 'what one source has'],
  ],
  needs: 'mac',
  output: 'data',
  check({ image }) {
    if (image !== undefined) checkImage(image);
  },
  async run(app, { source, image }) {
    await listVersions(app, source, image);
    return undefined;
  },
});
