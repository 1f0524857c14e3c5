import type { Check, Found } from '../check.ts';
import type { VmFacts } from '../facts/vms.ts';
import type { Facts } from '../facts.ts';

/** Faults of a VM on this side: its folder, its process and rusta's files about it. */
export const VM_CHECKS: readonly Check[] = [
  {
    id: 'vm-suspended',
    group: 'VMs',
    title: "VM '<vm>' is suspended",
    reason: 'Linux guests cannot be resumed: Tart neither starts it nor lets it go on before the snapshot is dropped.',
    command: 'tart stop <vm>',
    find: (facts) => each(facts, (vm) => (vm.status === 'suspended' ? {} : undefined)),
  },
  {
    id: 'vm-damaged',
    group: 'VMs',
    title: "VM '<vm>' is damaged: <files> missing in <folder>",
    reason:
      'Tart does not see it, and a new VM of that name would overwrite what is left. Bring the files back from a backup, or remove the rest.',
    command: 'rusta delete <vm>',
    find: (facts) =>
      each(facts, ({ status, missingFiles = [], folder }) =>
        status === undefined && missingFiles.length > 0
          ? { folder, files: missingFiles.length === 1 ? `${missingFiles[0]} is` : `${missingFiles.join(' and ')} are` }
          : undefined,
      ),
  },
  {
    id: 'vm-garbled',
    group: 'VMs',
    title: "config.json of VM '<vm>' is damaged, in <folder>",
    reason: 'Tart lists it and cannot start it, nor clone any other. Bring that file back from a backup; its disk may be whole.',
    command: 'open <folder>',
    find: (facts) => each(facts, ({ status, isGarbled, folder }) => (status !== undefined && isGarbled ? { folder } : undefined)),
  },
  {
    id: 'vm-lost',
    group: 'VMs',
    title: "rusta knows VM '<vm>', but Tart does not have it in <home>",
    reason: 'It was deleted or renamed with Tart, its disk is not mounted, or TART_HOME was another. If it is gone for good, forget it.',
    command: 'rusta delete <vm>',
    find: (facts) => each(facts, (vm) => (isLost(vm) && vm.pidFile?.isItsRun !== true ? { home: facts.tart.home } : undefined)),
  },
  {
    id: 'vm-unfinished',
    group: 'VMs',
    title: "VM '<vm>' is not complete: its creation stopped while <phase>",
    reason: "rusta knows what was asked for, and '--resume' goes on from there.",
    command: 'rusta create <vm> --resume',
    find: (facts) =>
      each(facts, ({ status, record }) => (status !== undefined && record?.phase !== undefined ? { phase: record.phase } : undefined)),
  },
  {
    id: 'share-lost',
    group: 'VMs',
    title: "VM '<vm>' was given the folder <folder>, which is not there",
    reason:
      "'rusta up' does not start it without: mount the disk that the folder is on, or make it. 'rusta list --json' has all that a VM sees of this Mac.",
    command: 'mkdir -p <folder>',
    find: (facts) => each(facts, ({ lostShares: [folder] }) => (folder === undefined ? undefined : { folder })),
  },
  {
    id: 'vm-orphan',
    group: 'VMs',
    title: "VM '<vm>' is left from a 'rusta run' that was killed",
    reason: "Nobody needs it. The next 'rusta run' removes it too; 'rusta up' makes it an ordinary VM.",
    command: 'rusta delete <vm> --force-running',
    find: ({ vms }) => vms.flatMap((vm) => (isOrphan(vm) ? [{ vm: vm.name }] : [])),
  },
  {
    id: 'vm-without-process',
    group: 'VMs',
    title: "VM '<vm>' was running, but its process (<pid>) is gone",
    reason: 'It was killed, or the Mac went off without shutting it down: for the guest that was a power cut.',
    command: 'rusta up <vm>',
    find: (facts) => each(facts, (vm) => (hasLostProcess(vm) ? { pid: String(vm.pidFile?.pid) } : undefined)),
  },
  {
    id: 'process-without-vm',
    group: 'VMs',
    title: "Process <pid> runs VM '<vm>', which Tart no longer has",
    reason: 'The VM was deleted or moved while it ran. This ends the process, and forgets the VM.',
    command: 'rusta delete <vm> --force-running',
    find: (facts) =>
      each(facts, ({ status, pidFile }) => (status === undefined && pidFile?.isItsRun === true ? { pid: String(pidFile.pid) } : undefined)),
  },
  {
    id: 'stale-pid',
    group: 'VMs',
    title: "<path> does not name the process of VM '<vm>'",
    reason: 'It is left from an earlier run, or written by another program.',
    command: 'rm <path>',
    find: (facts) =>
      each(facts, (vm) => (vm.pidFile?.isItsRun === false && !hasLostProcess(vm) && !isLost(vm) ? { path: vm.pidFile.path } : undefined)),
  },
  {
    id: 'stale-socket',
    group: 'VMs',
    title: "A control socket is in the way of VM '<vm>'",
    reason:
      "Tart left it behind, and finds no place for a new one: 'tart run' ends, or its guest agent is never reached. 'rusta up' removes it too.",
    command: 'rm <socket>',
    find: (facts) =>
      each(facts, (vm) =>
        vm.status !== undefined &&
        vm.status !== 'running' &&
        vm.socket !== undefined &&
        vm.pidFile?.isItsRun !== true &&
        !hasLostProcess(vm)
          ? { socket: vm.socket }
          : undefined,
      ),
  },
];

/**
 * Applies a check to each VM, except those at which another rusta is at work, because their state may be half done, and orphans, which
 * have a finding of their own.
 */
export function each(facts: Facts, find: (vm: VmFacts) => Found | undefined): Found[] {
  return facts.vms.flatMap((vm) => {
    const found = vm.isBusy || isOrphan(vm) ? undefined : find(vm);
    return found === undefined ? [] : [{ vm: vm.name, ...found }];
  });
}

/** Tells whether a VM is one that `run` was to remove, and nobody holds its lock. */
function isOrphan({ name, record, isBusy }: VmFacts): boolean {
  return record?.throwAway === name && !isBusy;
}

/** Tells whether a VM is on record and nowhere else. */
function isLost({ status, missingFiles, record }: VmFacts): boolean {
  return status === undefined && missingFiles === undefined && record !== undefined;
}

function hasLostProcess({ status, pidFile }: VmFacts): boolean {
  return status === 'stopped' && pidFile?.pid !== undefined && pidFile.isItsRun === false;
}
