import { failsTheCommand, optional, type Scenario, trustsExitCode } from '../table.ts';
import { off, running } from './achieved.ts';
import { afterUserFilesChanged, BOOT, COPY, LISTED, long, SHUTDOWN_AFTER_WORK, WAY } from './treatments.ts';

/** A login with the key shows whether the guest knows it; all the rest is done then. */
const INSTALLED_KEY = afterUserFilesChanged({ ...failsTheCommand, messageNames: /ssh-copy-id|does not accept the key/ });
const SETUP: Scenario['calls'] = {
  ...LISTED,
  'tart ip': WAY,
  'ssh-copy-id': INSTALLED_KEY,
  ssh: afterUserFilesChanged({ ...long(trustsExitCode), messageNames: /Docker/ }),
  'guest:curl': afterUserFilesChanged({ ...long(failsTheCommand), messageNames: /Docker/ }),
  // However a docker says that it knows no such context: making it shows whether that was it.
  'docker context inspect': afterUserFilesChanged(optional),
  'docker context ls': trustsExitCode,
  'docker --context docker-lab': afterUserFilesChanged({ ...trustsExitCode, messageNames: /Docker is set up/ }),
};

/** ssh-copy, connect and docker-setup. */
export const reach: readonly Scenario[] = [
  {
    args: ['ssh-copy', 'lab'],
    vm: 'stopped',
    calls: { ...LISTED, ...BOOT, ...COPY, 'tart exec lab sudo shutdown': SHUTDOWN_AFTER_WORK },
    achieved: off,
    owns: true,
  },
  { args: ['ssh-copy', 'lab'], vm: 'running', calls: { ...LISTED, 'tart ip': WAY, ...COPY, scp: long(COPY.scp) }, achieved: running },
  { args: ['connect', 'lab'], vm: 'running', calls: { ...LISTED, 'tart ip': WAY, 'tart exec lab sh': WAY }, achieved: running },
  { args: ['connect', 'lab', '--via-agent'], vm: 'running', calls: LISTED, achieved: running },
  {
    args: ['docker-setup', 'lab'],
    vm: 'running',
    calls: { ...SETUP, 'ssh-keygen': failsTheCommand, 'docker context create': afterUserFilesChanged(trustsExitCode) },
    achieved: running,
  },
  {
    args: ['docker-setup', 'lab'],
    vm: 'running',
    record: { docker: true },
    wiredTo: 'ssh://old@docker-lab',
    halfKey: true,
    calls: { 'ssh-keygen -y': afterUserFilesChanged(failsTheCommand), 'docker context update': afterUserFilesChanged(trustsExitCode) },
    achieved: running,
  },
  { args: ['docker-setup', 'lab'], vm: 'stopped', calls: { ...BOOT, 'ssh-copy-id': INSTALLED_KEY }, achieved: off, owns: true },
  { args: ['docker-setup', 'lab'], vm: 'running', without: ['docker'], calls: { brew: long(failsTheCommand) }, achieved: running },
];
