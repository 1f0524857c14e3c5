import { failsTheCommand, optional, type Treatment, trustsExitCode } from '../table.ts';

/** May take long, so that only Ctrl-C ends it. */
export const long = (treatment: Treatment): Treatment => ({ ...treatment, hangs: 130 });
export const afterUserFilesChanged = (treatment: Treatment): Treatment => ({ ...treatment, afterUserFilesChanged: true });

const HOST = { uname: failsTheCommand };
export const LISTED = { ...HOST, 'tart list': failsTheCommand };
/** `tart exec` may begin with a line about its own housekeeping (contract, trap 16). */
export const LAST = 'second line';
/** Named by what is awaited of it. */
const AGENT: Treatment = {
  ...failsTheCommand,
  prints: '0 or 1',
  successUnchecked: true,
  messageNames: /guest agent/,
  messageQuotes: LAST,
  wait: 'AGENT',
};
/** What Tart does not tell, the guest says itself, and another way is its agent. */
export const WAY: Treatment = { ...optional, except: { missing: 1 } };
/** One that hangs has no VM, so that no agent comes. */
export const RUN: Treatment = { ...failsTheCommand, messageNames: /tart|guest agent/, wait: 'AGENT' };
export const BOOT = { 'tart run': RUN, 'tart exec lab true': AGENT } as const;
/** The job is done: a guest that is on its way is left to it, for its power is never cut. */
export const SHUTDOWN_AFTER_WORK: Treatment = {
  ...optional,
  leavesOn: /is still shutting down after 120 s and is left to it/,
  expires: true,
};

export const COPY = {
  sshpass: trustsExitCode,
  ssh: { ...trustsExitCode, messageNames: /sshpass s/, prints: 1 },
  scp: { ...trustsExitCode, messageNames: /sshpass s/, prints: 1 },
  'ssh (2nd)': trustsExitCode,
};
export const PROVISION = {
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
