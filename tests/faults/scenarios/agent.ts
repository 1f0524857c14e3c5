import { failsTheCommand, optional, type Scenario } from '../table.ts';
import { off, running } from './achieved.ts';
import { LAST, LISTED, long, RUN } from './treatments.ts';

/** Work in the guest that goes through its agent: shared folders, a command, an identity. */
export const agent: readonly Scenario[] = [
  {
    args: ['up', 'lab', '--share', '/usr'],
    vm: 'stopped',
    calls: {
      'tart exec -i': { ...failsTheCommand, prints: '0 or 1', successUnchecked: true, messageNames: /shared folders/, messageQuotes: LAST },
    },
    achieved: running,
  },
  {
    args: ['run', '--from', 'lab', '--', 'true'],
    vm: 'stopped',
    calls: {
      ...LISTED,
      'tart clone': long(failsTheCommand),
      'tart run': RUN,
      'tart exec -i': { ...failsTheCommand, messageNames: /command/, messageQuotes: '' },
    },
    achieved: off,
    owns: true,
  },
  {
    args: ['up', 'lab'],
    vm: 'stopped',
    record: { identity: 'pending' },
    // A copy that keeps the identity of its source runs all the same; the warning is in the end-to-end tests.
    calls: { 'tart exec -i': { ...optional, hangs: 0 } },
    achieved: running,
  },
];
