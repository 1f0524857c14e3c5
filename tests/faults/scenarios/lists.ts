import { failsTheCommand, type Scenario, type Treatment } from '../table.ts';
import { always } from './achieved.ts';
import { LISTED, long } from './treatments.ts';

const ADDRESS: Treatment = { ...failsTheCommand, messageNames: /IP address/, wait: 'IP' };

/** Commands that look at VMs, or at what rusta keeps of them. */
export const lists: readonly Scenario[] = [
  { args: ['source', 'add', 'ghcr.io/mine'], vm: 'none', calls: {}, achieved: always },
  { args: ['list'], vm: 'running', calls: LISTED, achieved: always },
  { args: ['list'], vm: 'none', without: ['tart'], calls: { brew: long(failsTheCommand) }, achieved: always },
  { args: ['default'], vm: 'stopped', calls: LISTED, achieved: always },
  { args: ['default', 'lab'], vm: 'stopped', calls: LISTED, achieved: always },
  { args: ['set-gui', 'lab', 'on'], vm: 'stopped', calls: LISTED, achieved: always },
  { args: ['logs', 'lab'], vm: 'started by rusta', calls: LISTED, achieved: always },
  { args: ['ip', 'lab'], vm: 'running', calls: { ...LISTED, 'tart ip': ADDRESS }, achieved: always },
];
