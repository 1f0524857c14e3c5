import { failsTheCommand, type Scenario, trustsExitCode } from '../table.ts';
import { off } from './achieved.ts';
import { afterUserFilesChanged, LISTED, long, PROVISION } from './treatments.ts';

const image = { setup: 'booting', image: 'ghcr.io/cirruslabs/ubuntu:24.04', gui: false, cpus: 6, memory: 8192, disk: 80 };

/** create --resume, from each phase that a creation can have stopped in. */
export const resume: readonly Scenario[] = [
  { args: ['create', 'lab', '--resume'], vm: 'stopped', record: image, calls: { ...LISTED, ...PROVISION }, achieved: off, owns: true },
  {
    args: ['create', 'lab', '--resume'],
    vm: 'stopped',
    record: { ...image, setup: 'cloning' },
    calls: { 'tart set': afterUserFilesChanged(trustsExitCode) },
    achieved: off,
    owns: true,
  },
  {
    args: ['create', 'lab', '--resume'],
    vm: 'none',
    record: { ...image, setup: 'cloning' },
    calls: { 'tart clone': afterUserFilesChanged(long(failsTheCommand)) },
    achieved: off,
    owns: true,
  },
];
