import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GuestKind } from '../guest.ts';
import { behaviorOf } from '../knobs.ts';
import { signal } from '../processes.ts';
import { createSkeleton } from '../scratch/skeleton.ts';
import { parseRemote } from '../tart/command-line/names.ts';
import { imageFolder } from '../tart/store/cache.ts';
import { homeAt, type TartHome } from '../tart/store/home.ts';
import { lockOwner } from '../tart/store/locks.ts';
import { ubuntuConfig, writeMachine } from '../tart/store/storage.ts';
import { isComplete, randomMac, readConfig, type VmConfig } from '../tart/store/vm.ts';
import { waitUntil } from '../wait.ts';
import type { Mac } from './mac-api.ts';

export interface SandboxVm {
  readonly name: string;
  /** `$TART_HOME/vms/<name>` */
  readonly folder: string;
  /** `/` of a scratch guest */
  readonly guest: string;
  readonly exists: boolean;
  readonly isRunning: boolean;
  /** pid of its `tart run`, 0 for none */
  readonly runPid: number;
  readonly config: VmConfig;
  /** address of the running guest, if it has one */
  readonly address: string | undefined;
  /** the guest turns itself off; resolves when `tart run` is gone */
  powerOff(): Promise<void>;
}

const IMAGE_DISK_GIGABYTES = 20;

export function sandboxVm(mac: Mac, name: string): SandboxVm {
  const folder = join(homeAt(mac.tartHome).vms, name);
  const owner = () => (isComplete(folder) ? lockOwner(folder) : 0);
  const machineFile = (file: string) => join(mac.root, 'machines', String(owner()), file);
  return {
    name,
    folder,
    guest: join(folder, 'guest'),
    get exists() {
      return isComplete(folder);
    },
    get isRunning() {
      return owner() !== 0;
    },
    get runPid() {
      return owner();
    },
    get config() {
      return readConfig(folder);
    },
    get address() {
      return existsSync(machineFile('address')) ? readFileSync(machineFile('address'), 'utf8') : undefined;
    },
    powerOff: async () => {
      const scratch = machineFile('pid');
      signal(existsSync(scratch) ? Number(readFileSync(scratch, 'utf8')) : owner(), 'SIGUSR2');
      await waitUntil(`${name} to be off`, () => owner() === 0);
    },
  };
}

export interface NewVm {
  readonly name: string;
  readonly systemKind: () => Promise<GuestKind>;
  readonly running: boolean;
}

export async function addVmTo(mac: Mac, { name, systemKind, running }: NewVm): Promise<SandboxVm> {
  const vm = sandboxVm(mac, name);
  mkdirSync(vm.folder, { recursive: true });
  writeMachine(vm.folder, ubuntuConfig(randomMac()), IMAGE_DISK_GIGABYTES);
  if (mac.knobs.guest === 'system') await (await systemKind()).clone(undefined, vm.folder);
  else createSkeleton(vm.guest, mac.knobs.user);
  if (!running) return vm;
  // The app itself, unrecorded: this start is no doing of what is tested.
  const app = join(mac.root, 'libexec/tart.app/Contents/MacOS/tart');
  Bun.spawn({
    cmd: [app, 'run', '--no-graphics', name],
    env: { ...mac.env, SANDBOX_UNSEEN: '1' },
    cwd: mac.home,
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore'],
  }).unref();
  await waitUntil(`${name} to run`, () => vm.isRunning);
  const { agent, ip, ssh } = behaviorOf(mac.knobs, name);
  const machine = join(mac.root, 'machines', String(vm.runPid));
  if (agent !== 'never') await waitUntil(`the agent of ${name}`, () => existsSync(join(machine, 'agent.sock.since')));
  if (ip !== 'never') await waitUntil(`the address of ${name}`, () => vm.address !== undefined);
  if (ssh !== 'never' && mac.knobs.guest === 'scratch')
    await waitUntil(`the sshd of ${name}`, () => existsSync(join(machine, 'sshd.sock.since')));
  return vm;
}

/** The name's parts; with `cached`, the files of a pulled image. */
export function imageInCache(home: TartHome, reference: string, cached: boolean): { repository: string; tag: string } {
  const remote = parseRemote(reference);
  if (!remote) throw new Error(`${reference} is no image reference`);
  const link = imageFolder(home, remote);
  if (cached && !existsSync(link)) {
    const hash = createHash('sha256').update(remote.full).digest('hex');
    const place = join(dirname(link), `sha256:${hash}`);
    mkdirSync(place, { recursive: true });
    writeMachine(place, ubuntuConfig(randomMac()), IMAGE_DISK_GIGABYTES);
    writeFileSync(join(place, 'manifest.json'), '{}');
    symlinkSync(place, link);
  }
  return { repository: `${remote.host}/${remote.namespace}`, tag: remote.reference.slice(1) };
}
