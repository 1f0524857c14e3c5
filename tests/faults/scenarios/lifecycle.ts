import type { Mac } from '../../sandbox/mac.ts';
import { failsTheCommand, optional, type Scenario, type Treatment, trustsExitCode } from '../table.ts';
import { off, running } from './achieved.ts';
import { afterUserFilesChanged, BOOT, LISTED } from './treatments.ts';

const gone = (mac: Mac) => !mac.vm('lab').exists;

/** A pid that cannot be looked up is nobody's, and Tart is asked instead. */
const PS: Treatment = { ...optional, except: { missing: 1 } };
/** A guest that accepts and does nothing is waited for; one that cannot be asked has a power button. */
const SHUTDOWN: Treatment = { ...optional, prints: 1, messageNames: /did not stop/, expires: true };

/** up, down and delete. */
export const lifecycle: readonly Scenario[] = [
  { args: ['up', 'lab'], vm: 'stopped', calls: { ...LISTED, ...BOOT, 'tart ip': { ...optional, wait: 'IP' } }, achieved: running },
  {
    args: ['up', 'lab'],
    vm: 'stopped',
    record: { docker: true },
    wiredTo: 'ssh://admin@docker-lab',
    calls: { 'tart ip': { ...optional, wait: 'IP' } },
    achieved: running,
  },
  {
    args: ['down', 'lab', '--timeout', '20'],
    vm: 'started by rusta',
    calls: { ...LISTED, ps: PS, 'tart exec lab sudo shutdown': SHUTDOWN },
    achieved: off,
  },
  { args: ['down', 'lab', '--force'], vm: 'started by rusta', calls: { ...LISTED, ps: PS, 'tart stop': optional }, achieved: off },
  {
    args: ['down', 'lab', '--force'],
    vm: 'running',
    calls: { 'tart stop': failsTheCommand, 'tart list (2nd)': failsTheCommand },
    achieved: off,
  },
  {
    args: ['delete', 'lab', '--yes'],
    vm: 'stopped',
    calls: { ...LISTED, 'tart delete': failsTheCommand, 'tart list (2nd)': failsTheCommand },
    achieved: gone,
  },
  {
    args: ['delete', 'lab', '--yes'],
    vm: 'stopped',
    record: { docker: true },
    wiredTo: 'ssh://admin@docker-lab',
    calls: { 'docker context inspect': afterUserFilesChanged(failsTheCommand), 'docker context rm': afterUserFilesChanged(trustsExitCode) },
    achieved: gone,
  },
  {
    args: ['delete', 'lab', '--yes', '--force-running'],
    vm: 'running',
    calls: { 'tart stop': failsTheCommand, 'tart delete': failsTheCommand },
    achieved: gone,
  },
];
