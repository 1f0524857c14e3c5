import { failsTheCommand, type Scenario, trustsExitCode } from '../table.ts';
import { off } from './achieved.ts';
import { afterUserFilesChanged, COPY, LISTED, long, PROVISION } from './treatments.ts';

const CLONE = { 'tart clone': long(failsTheCommand), 'tart set': trustsExitCode };

/** create, from an image and from a VM. */
export const create: readonly Scenario[] = [
  { args: ['create', 'lab'], vm: 'none', calls: { ...LISTED, ...CLONE, ...PROVISION }, achieved: off, owns: true },
  {
    args: ['create', 'lab', '--ssh-copy-keys'],
    vm: 'none',
    calls: Object.fromEntries(Object.entries(COPY).map(([call, treatment]) => [call, afterUserFilesChanged(treatment)])),
    achieved: off,
    owns: true,
  },
  {
    args: ['create', 'lab', '--ssh-copy-keys'],
    vm: 'none',
    without: ['sshpass'],
    calls: { brew: long(failsTheCommand) },
    achieved: off,
    owns: true,
  },
  {
    args: ['create', 'web', '--from', 'lab', '--cpus', '2'],
    vm: 'stopped',
    // The record of the copy is there by then; it stays where the copy cannot be looked for, and so not be removed.
    calls: {
      ...LISTED,
      'tart clone': long(failsTheCommand),
      'tart list (2nd)': afterUserFilesChanged(failsTheCommand),
      'tart set': afterUserFilesChanged(trustsExitCode),
    },
    achieved: (mac) => off(mac) && mac.vm('web').exists,
  },
];
