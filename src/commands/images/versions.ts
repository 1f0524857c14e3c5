import { listVersions } from '../../images/versions.ts';
import { command } from '../shared/command.ts';
import { imageName } from '../shared/kinds.ts';

export default command({
  args: {
    source: {
      type: 'string',
      valueHint: 'registry',
      completes: 'sources',
      description: 'Ask only this configured source (prefix or label)',
    },
    image: { type: 'string', valueHint: 'name', ...imageName, description: 'Ask only for this image' },
  },
  details: 'Asks every configured source for every configured image. Exit code 1 if none of them answers.',
  examples: [
    ['rusta versions', 'everything that there is'],
    ['rusta versions --image ubuntu', 'the releases of one image'],
    ['rusta versions --source cirruslabs', 'what one source has'],
  ],
  requires: 'mac',
  stdout: 'result',
  async run({ args: { source, image }, data: app }) {
    app.out.result(await listVersions(app, source, image));
  },
});
