import { SOURCES } from '../../images/configured-lists.ts';
import { normalizeSource } from '../../images/source.ts';
import { listCommands } from '../shared/list-commands.ts';

export default listCommands({
  kind: SOURCES,
  item: { valueHint: 'registry', parse: normalizeSource, description: 'Registry and namespace, e.g. ghcr.io/cirruslabs' },
  completes: 'sources',
  sample: 'ghcr.io/pallewela',
});
