import type { Mac } from '../sandbox/mac.ts';
import { failsTheCommand, optional, passesCodeThrough, type Scenario, type Treatment, trustsExitCode } from './table.ts';

const running = (mac: Mac) => mac.vm('lab').isRunning;
const off = (mac: Mac) => mac.vm('lab').exists && !mac.vm('lab').isRunning;
const gone = (mac: Mac) => !mac.vm('lab').exists;
const always = () => true;

const HOST = { uname: failsTheCommand };
const LISTED = { ...HOST, 'tart list': failsTheCommand };
/** `tart exec` may begin with a line about its own housekeeping (contract, trap 16). */
const LAST = 'second line';
/** Named by what is awaited of it. */
const AGENT: Treatment = {
  ...failsTheCommand,
  prints: '0 or 1',
  successUnchecked: true,
  messageNames: /guest agent/,
  messageQuotes: LAST,
  wait: 'AGENT',
};
const ADDRESS: Treatment = { ...failsTheCommand, messageNames: /IP address/, wait: 'IP' };
/** What Tart does not tell, the guest says itself, and another way is its agent. */
const WAY: Treatment = { ...optional, except: { missing: 1 } };
/** One that hangs has no VM, so that no agent comes. */
const RUN: Treatment = { ...failsTheCommand, messageNames: /tart|guest agent/, wait: 'AGENT' };
const BOOT = { 'tart run': RUN, 'tart exec lab true': AGENT } as const;
/** A pid that cannot be looked up is nobody's, and Tart is asked instead. */
const PS: Treatment = { ...optional, except: { missing: 1 } };
/** May take long, so that only Ctrl-C ends it. */
const long = (treatment: Treatment): Treatment => ({ ...treatment, hangs: 130 });
const afterUserFilesChanged = (treatment: Treatment): Treatment => ({ ...treatment, afterUserFilesChanged: true });

/** A guest that accepts and does nothing is waited for; one that cannot be asked has a power button. */
const SHUTDOWN: Treatment = { ...optional, prints: 1, messageNames: /did not stop/, expires: true };
/** The job is done: a guest that is on its way is left to it, for its power is never cut. */
const SHUTDOWN_AFTER_WORK: Treatment = { ...optional, leavesOn: /is still shutting down after 120 s and is left to it/, expires: true };

const COPY = {
  sshpass: trustsExitCode,
  ssh: { ...trustsExitCode, messageNames: /sshpass s/, prints: 1 },
  scp: { ...trustsExitCode, messageNames: /sshpass s/, prints: 1 },
  'ssh (2nd)': trustsExitCode,
};
const CLONE = { 'tart clone': long(failsTheCommand), 'tart set': trustsExitCode };
const PROVISION = {
  'tart run': afterUserFilesChanged(RUN),
  'tart exec lab true': afterUserFilesChanged(AGENT),
  'tart exec -i': afterUserFilesChanged({ ...failsTheCommand, messageNames: /provision/, messageQuotes: LAST }),
  'tart exec lab sudo bash': afterUserFilesChanged({ ...failsTheCommand, messageNames: /provisioning/, wait: 'PROVISION' }),
  'guest:apt-get': afterUserFilesChanged({
    ...long(failsTheCommand),
    messageNames: /provisioning|'tart'/,
    prints: 0,
    successUnchecked: true,
    except: { 'prints megabytes': 1 },
  }),
  'tart exec lab sh': afterUserFilesChanged({ ...trustsExitCode, messageNames: /provisioning/, messageQuotes: '' }),
  'tart exec lab sudo shutdown': afterUserFilesChanged(SHUTDOWN_AFTER_WORK),
} as const;
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
const image = { setup: 'booting', image: 'ghcr.io/cirruslabs/ubuntu:24.04', gui: false, cpus: 6, memory: 8192, disk: 80 };

export const SCENARIOS: readonly Scenario[] = [
  { args: ['source', 'add', 'ghcr.io/mine'], vm: 'none', calls: {}, achieved: always },
  { args: ['list'], vm: 'running', calls: LISTED, achieved: always },
  { args: ['list'], vm: 'none', without: ['tart'], calls: { brew: long(failsTheCommand) }, achieved: always },
  { args: ['default'], vm: 'stopped', calls: LISTED, achieved: always },
  { args: ['default', 'lab'], vm: 'stopped', calls: LISTED, achieved: always },
  { args: ['set-gui', 'lab', 'on'], vm: 'stopped', calls: LISTED, achieved: always },
  { args: ['logs', 'lab'], vm: 'started by rusta', calls: LISTED, achieved: always },
  { args: ['ip', 'lab'], vm: 'running', calls: { ...LISTED, 'tart ip': ADDRESS }, achieved: always },
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
