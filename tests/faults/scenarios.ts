import type { Mac } from '../sandbox/mac.ts';
import { PASSED_ON, PROVEN, type Scenario, SPARED, TRUSTED, type Treatment } from './table.ts';

const running = (mac: Mac) => mac.vm('lab').isRunning;
const off = (mac: Mac) => mac.vm('lab').exists && !mac.vm('lab').isRunning;
const gone = (mac: Mac) => !mac.vm('lab').exists;
const always = () => true;

const HOST = { uname: PROVEN };
const LISTED = { ...HOST, 'tart list': PROVEN };
/** `tart exec` may begin with a line about its own housekeeping (contract, trap 16). */
const LAST = 'second line';
/** Named by what is awaited of it. */
const AGENT: Treatment = { ...PROVEN, prints: 'either', unproven: true, named: /guest agent/, says: LAST, wait: 'AGENT' };
const ADDRESS: Treatment = { ...PROVEN, named: /IP address/, wait: 'IP' };
/** One that hangs has no VM, so that no agent comes. */
const RUN: Treatment = { ...PROVEN, named: /tart|guest agent/, wait: 'AGENT' };
const BOOT = { 'tart run': RUN, 'tart exec lab true': AGENT } as const;
/** A pid that cannot be looked up is nobody's, and Tart is asked instead. */
const PS: Treatment = { ...SPARED, except: { missing: 1 } };
/** May take long, so that only Ctrl-C ends it. */
const long = (treatment: Treatment): Treatment => ({ ...treatment, hangs: 130 });
const late = (treatment: Treatment): Treatment => ({ ...treatment, late: true });

/** A guest that accepts and does nothing is waited for; one that cannot be asked has a power button. */
const SHUTDOWN: Treatment = { ...SPARED, prints: 1, named: /did not stop/, expires: true };

const COPY = {
  sshpass: TRUSTED,
  ssh: { ...TRUSTED, named: /sshpass s/, prints: 1 },
  scp: { ...TRUSTED, named: /sshpass s/, prints: 1 },
  'ssh (2nd)': TRUSTED,
};
const CLONE = { 'tart clone': long(PROVEN), 'tart set': TRUSTED };
const PROVISION = {
  'tart run': late(RUN),
  'tart exec lab true': late(AGENT),
  'tart exec -i': late({ ...PROVEN, named: /provision/, says: LAST }),
  'tart exec lab sudo bash': late({ ...PROVEN, named: /provisioning/, wait: 'PROVISION' }),
  'guest:apt-get': late({ ...long(PROVEN), named: /provisioning|'tart'/, prints: 0, unproven: true, except: { 'prints megabytes': 1 } }),
  'tart exec lab sh': late({ ...TRUSTED, named: /provisioning/, says: '' }),
  'tart exec lab sudo shutdown': late(SHUTDOWN),
} as const;
const SETUP: Scenario['calls'] = {
  ...LISTED,
  'tart ip': ADDRESS,
  'ssh-copy-id': TRUSTED,
  ssh: late({ ...long(TRUSTED), named: /Docker/ }),
  'guest:curl': late({ ...long(PROVEN), named: /Docker/ }),
  // However a docker says that it knows no such context: making it shows whether that was it.
  'docker context inspect': late(SPARED),
  'docker context ls': PROVEN,
  'docker --context docker-lab': late({ ...TRUSTED, named: /Docker is set up/ }),
};
const image = { setup: 'booting', image: 'ghcr.io/cirruslabs/ubuntu:24.04', gui: false, cpus: 6, memory: 8192, disk: 80 };

export const SCENARIOS: readonly Scenario[] = [
  { args: ['source', 'add', 'ghcr.io/mine'], vm: 'none', calls: {}, achieved: always },
  { args: ['list'], vm: 'running', calls: LISTED, achieved: always },
  { args: ['list'], vm: 'none', without: ['tart'], calls: { brew: long(PROVEN) }, achieved: always },
  { args: ['default'], vm: 'stopped', calls: LISTED, achieved: always },
  { args: ['default', 'lab'], vm: 'stopped', calls: LISTED, achieved: always },
  { args: ['set-gui', 'lab', 'on'], vm: 'stopped', calls: LISTED, achieved: always },
  { args: ['logs', 'lab'], vm: 'started by rusta', calls: LISTED, achieved: always },
  { args: ['ip', 'lab'], vm: 'running', calls: { ...LISTED, 'tart ip': ADDRESS }, achieved: always },
  { args: ['up', 'lab'], vm: 'stopped', calls: { ...LISTED, ...BOOT, 'tart ip': { ...SPARED, wait: 'IP' } }, achieved: running },
  {
    args: ['up', 'lab'],
    vm: 'stopped',
    record: { docker: true },
    wiredTo: 'ssh://admin@docker-lab',
    calls: { 'tart ip': { ...SPARED, wait: 'IP' } },
    achieved: running,
  },
  {
    args: ['down', 'lab', '--timeout', '20'],
    vm: 'started by rusta',
    calls: { ...LISTED, ps: PS, 'tart exec lab sudo shutdown': SHUTDOWN },
    achieved: off,
  },
  { args: ['down', 'lab', '--force'], vm: 'started by rusta', calls: { ...LISTED, ps: PS, 'tart stop': SPARED }, achieved: off },
  { args: ['down', 'lab', '--force'], vm: 'running', calls: { 'tart stop': PROVEN, 'tart list (2nd)': PROVEN }, achieved: off },
  {
    args: ['delete', 'lab', '--yes'],
    vm: 'stopped',
    calls: { ...LISTED, 'tart delete': PROVEN, 'tart list (2nd)': PROVEN },
    achieved: gone,
  },
  {
    args: ['delete', 'lab', '--yes'],
    vm: 'stopped',
    record: { docker: true },
    wiredTo: 'ssh://admin@docker-lab',
    calls: { 'docker context inspect': late(PROVEN), 'docker context rm': late(TRUSTED) },
    achieved: gone,
  },
  {
    args: ['delete', 'lab', '--yes', '--force-running'],
    vm: 'running',
    calls: { 'tart stop': PROVEN, 'tart delete': PROVEN },
    achieved: gone,
  },
  {
    args: ['ssh', 'lab', '--', 'true'],
    vm: 'running',
    calls: { ...LISTED, 'tart ip': ADDRESS, sshpass: PASSED_ON, ssh: PASSED_ON },
    achieved: always,
  },
  { args: ['ssh', 'lab', '--', 'true'], vm: 'running', without: ['sshpass'], calls: { brew: long(PROVEN) }, achieved: always },
  {
    args: ['ssh', 'lab', '--auto-up', '--', 'true'],
    vm: 'stopped',
    calls: { ...BOOT, sshpass: PASSED_ON },
    achieved: running,
  },
  { args: ['create', 'lab'], vm: 'none', calls: { ...LISTED, ...CLONE, ...PROVISION }, achieved: off, owns: true },
  {
    args: ['create', 'lab', '--ssh-copy-keys'],
    vm: 'none',
    calls: Object.fromEntries(Object.entries(COPY).map(([call, treatment]) => [call, late(treatment)])),
    achieved: off,
    owns: true,
  },
  {
    args: ['create', 'lab', '--ssh-copy-keys'],
    vm: 'none',
    without: ['sshpass'],
    calls: { brew: long(PROVEN) },
    achieved: off,
    owns: true,
  },
  { args: ['create', 'lab', '--resume'], vm: 'stopped', record: image, calls: { ...LISTED, ...PROVISION }, achieved: off, owns: true },
  {
    args: ['create', 'lab', '--resume'],
    vm: 'stopped',
    record: { ...image, setup: 'cloning' },
    calls: { 'tart delete': late(TRUSTED), 'tart clone': late(long(PROVEN)), 'tart set': late(TRUSTED) },
    achieved: off,
    owns: true,
  },
  {
    args: ['ssh-copy', 'lab'],
    vm: 'stopped',
    calls: { ...LISTED, ...BOOT, ...COPY, 'tart exec lab sudo shutdown': SHUTDOWN },
    achieved: off,
    owns: true,
  },
  { args: ['ssh-copy', 'lab'], vm: 'running', calls: { ...LISTED, 'tart ip': ADDRESS, ...COPY, scp: long(COPY.scp) }, achieved: running },
  {
    args: ['docker-setup', 'lab'],
    vm: 'running',
    calls: { ...SETUP, 'ssh-keygen': PROVEN, 'docker context create': late(TRUSTED) },
    achieved: running,
  },
  {
    args: ['docker-setup', 'lab'],
    vm: 'running',
    record: { docker: true },
    wiredTo: 'ssh://old@docker-lab',
    halfKey: true,
    calls: { 'ssh-keygen -y': late(PROVEN), 'docker context update': late(TRUSTED) },
    achieved: running,
  },
  { args: ['docker-setup', 'lab'], vm: 'stopped', calls: { ...BOOT, 'ssh-copy-id': TRUSTED }, achieved: off, owns: true },
  { args: ['docker-setup', 'lab'], vm: 'running', without: ['docker'], calls: { brew: long(PROVEN) }, achieved: running },
];
