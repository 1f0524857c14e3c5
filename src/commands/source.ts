import { SOURCES } from '../images/list-edit.ts';
import { normalizeSource } from '../images/source.ts';
import { listActions } from './shared/list-actions.ts';

export const { list, add, rm, move } = listActions({
  kind: SOURCES,
  argument: { name: 'registry', description: 'Registry and namespace, e.g. ghcr.io/cirruslabs', sample: 'ghcr.io/pallewela' },
  normalize: normalizeSource,
  markFirst: undefined,
});
