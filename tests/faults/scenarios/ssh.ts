import { failsTheCommand, passesCodeThrough, type Scenario } from '../table.ts';
import { always, running } from './achieved.ts';
import { BOOT, LISTED, long, WAY } from './treatments.ts';

export const ssh: readonly Scenario[] = [
  {
    args: ['ssh', 'lab', '--', 'true'],
    vm: 'running',
    calls: { ...LISTED, 'tart ip': WAY, 'tart exec lab sh': WAY, sshpass: passesCodeThrough, ssh: passesCodeThrough },
    achieved: always,
  },
  { args: ['ssh', 'lab', '--', 'true'], vm: 'running', without: ['sshpass'], calls: { brew: long(failsTheCommand) }, achieved: always },
  {
    args: ['ssh', 'lab', '--auto-up', '--', 'true'],
    vm: 'stopped',
    calls: { ...BOOT, sshpass: passesCodeThrough },
    achieved: running,
  },
];
