import { basename, dirname, join } from 'node:path';
import type { App } from '../../app.ts';
import type { VmRecord } from '../../state/record.ts';
import { pathExists, readSmall } from '../../system/files/files.ts';
import { type FolderEntry, listFolder } from '../../system/files/folders.ts';
import { missingParts } from '../../tools/tart/files.ts';
import type { Vm } from '../../tools/tart/list.ts';
import { createTartProcesses } from '../../tools/tart/process.ts';
import { parseShare, visibleShares } from '../../vm/shares.ts';
import { collectDocker, type DockerFacts } from './docker.ts';
import { collectGuest, type GuestFacts } from './guest.ts';
import type { Looks } from './look.ts';
import { collectSshName, type SshNameFacts } from './ssh-name.ts';
import type { StateFacts } from './state.ts';
import type { TartFacts } from './tart.ts';

/** All that is known of one name: of a VM, or of the remains of one. */
export interface VmFacts {
  readonly name: string;
  /** The status; undefined if Tart does not list it. */
  readonly status: Vm['status'] | undefined;
  readonly folder: string;
  /** The missing files without which Tart does not see it; undefined if it has no folder. */
  readonly missingFiles: readonly string[] | undefined;
  /** Its config.json is there, and cannot be understood. */
  readonly isGarbled: boolean;
  readonly record: VmRecord | undefined;
  /** Another rusta is at work on it: its state may be half done. */
  readonly isBusy: boolean;
  readonly pidFile: PidFile | undefined;
  /** The control socket that Tart leaves in its folder. */
  readonly socket: string | undefined;
  /** Folders of this Mac that it sees, or will see in its next boot. */
  readonly shares: readonly string[];
  /** Those of them that are not there. */
  readonly lostShares: readonly string[];
  /** The guest of a VM that runs. */
  readonly guest: GuestFacts | undefined;
  readonly docker: DockerFacts;
  readonly sshName: SshNameFacts;
}

interface PidFile {
  readonly path: string;
  /** The pid; undefined if the file holds none. */
  readonly pid: number | undefined;
  /** Whether that is the VM's `tart run`; undefined if `ps` does not tell. */
  readonly isItsRun: boolean | undefined;
}

const LOCK_BYTES = 4096;
const FOLDER_MS = 2_000;

/** Collects the facts of every name that Tart, its folder, state.toml or the folder of pids has; of none if Tart did not list its VMs. */
export async function collectVms(
  looks: Looks,
  { vms, home, isHomeHanging, listMs }: TartFacts,
  state: StateFacts,
): Promise<readonly VmFacts[]> {
  if (vms === undefined || isHomeHanging) return [];
  const { app, look } = looks;
  const statuses = new Map(vms.map(({ name, status }) => [name, status]));
  const known = [...statuses.keys(), ...names(join(home, 'vms'), 'other'), ...state.records.keys()];
  const sshConfig = await look(async () => app.sshFiles.readConfig());
  return Promise.all(
    [...new Set([...known, ...namesOfPidFiles(app, known)])].sort().map((name) =>
      collectVm(looks, {
        name,
        status: statuses.get(name),
        folder: join(home, 'vms', name),
        record: state.records.get(name),
        sshConfig,
        listMs,
      }),
    ),
  );
}

/** Returns the names of pid files that belong to none of these VMs. */
function namesOfPidFiles({ paths }: Pick<App, 'paths'>, known: readonly string[]): string[] {
  const files = names(dirname(paths.pid('vm')), 'file').filter((name) => name.endsWith('.pid'));
  const theirs = new Set(known.map((name) => basename(paths.pid(name))));
  return files.filter((name) => !theirs.has(name)).map((name) => basename(name, '.pid'));
}

function names(folder: string, kind: FolderEntry['kind']): string[] {
  const entries = (listFolder(folder) ?? []).filter((entry) => entry.kind === kind);
  return entries.map(({ name }) => name).filter((name) => !name.startsWith('.'));
}

type Known = Pick<VmFacts, 'name' | 'status' | 'folder' | 'record'> & { readonly sshConfig: string | undefined; readonly listMs: number };

async function collectVm(looks: Looks, { name, status, folder, record, sshConfig, listMs }: Known): Promise<VmFacts> {
  const socket = join(folder, 'control.sock');
  const shares = visibleShares(looks.app, name, status === 'running', record?.shares ?? []);
  const canBeAsked = status === 'running' && !name.startsWith('-');
  const [pidFile, guest, docker, sshName, lostShares] = await Promise.all([
    readPidFile(looks, name),
    canBeAsked ? collectGuest(looks, name, listMs) : undefined,
    collectDocker(looks, name, record, sshConfig),
    collectSshName(looks, name, record, sshConfig),
    findLostShares(looks, shares),
  ]);
  return {
    name,
    status,
    folder,
    missingFiles: pathExists(folder) ? missingParts(folder) : undefined,
    isGarbled: looks.app.tartFiles.isGarbled(name),
    record,
    isBusy: isBusy(looks, name),
    pidFile,
    socket: pathExists(socket) ? socket : undefined,
    shares,
    lostShares,
    guest,
    docker,
    sshName,
  };
}

async function readPidFile({ app, runner, look }: Looks, vm: string): Promise<PidFile | undefined> {
  const path = app.paths.pid(vm);
  if (!pathExists(path)) return undefined;
  const pid = app.pids.read(vm);
  const isItsRun = pid === undefined ? false : await look(() => createTartProcesses(runner, app.processes).isRunOf(vm, pid));
  return { path, pid, isItsRun };
}

/** Finds shares whose folder is missing, by a program with a bound: a folder may be on a disk that hangs. */
async function findLostShares({ runner, look }: Looks, shares: readonly string[]): Promise<string[]> {
  const hosts = shares.map((text) => parseShare(text).host);
  const isLost = (host: string) =>
    look(async () => (await runner.run({ program: '/bin/test', args: ['-d', host], timeoutMs: FOLDER_MS })).code === 1);
  const lost = await Promise.all(hosts.map(isLost));
  return hosts.filter((_, index) => lost[index] === true);
}

/** Tells whether somebody holds the lock of a VM. Only reads it, because taking it would make others wait. */
function isBusy({ app }: Looks, vm: string): boolean {
  const holder = /\(pid (\d+)\)/.exec(readSmall(app.paths.vmLock(vm), LOCK_BYTES) ?? '')?.[1];
  return holder !== undefined && app.processes.isAlive(Number(holder));
}
