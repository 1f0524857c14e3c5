import { SOURCES } from '../../images/list-edit.ts';
import { normalizeSource } from '../../images/source.ts';
import { configuredList } from '../shared/configured-list.ts';

export default configuredList({
  kind: SOURCES,
  item: { valueHint: 'registry', parse: normalizeSource, description: 'Registry and namespace, e.g. ghcr.io/cirruslabs' },
  completes: 'sources',
  sample: 'ghcr.io/pallewela',
});
