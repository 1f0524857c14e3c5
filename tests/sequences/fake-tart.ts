import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finished } from '../../src/system/programs/command.ts';
import type { Detached } from '../../src/system/programs/detached.ts';

/** A `tart run` that lives. */
interface Life {
  readonly pid: number;
  readonly argv: string;
  /** The VM that it runs, whatever becomes of its name and folder. */
  readonly token: string;
  /** Of its config.json: who holds that is what Tart calls running. */
  readonly lock: string;
  readonly ended: PromiseWithResolvers<number>;
}

const PARTS = ['config.json', 'disk.img', 'nvram.bin'] as const;
const IMAGE_MAC = '02:00:00:00:00:01';
/** All disks are of one size, as those of VMs of one image are. */
const TOKEN_LENGTH = 12;

/** Tart in this process, on real folders and by its contract (docs/tart.md), so that thousands of runs take seconds. */
export class FakeTart {
  readonly lives = new Map<number, Life>();
  #pids = 1_000;
  #made = 0;

  /** What the disk of a VM holds: no two VMs have the same. undefined where there is no disk. */
  tokenAt(folder: string): string | undefined {
    const disk = join(folder, 'disk.img');
    return existsSync(disk) ? readFileSync(disk, 'utf8') : undefined;
  }

  isComplete(folder: string): boolean {
    return PARTS.every((part) => existsSync(join(folder, part)));
  }

  statusOf(folder: string): 'running' | 'stopped' {
    const lock = String(statSync(join(folder, 'config.json')).ino);
    return [...this.lives.values()].some((life) => life.lock === lock) ? 'running' : 'stopped';
  }

  vms(home: string): string[] {
    mkdirSync(join(home, 'vms'), { recursive: true });
    return readdirSync(join(home, 'vms')).sort();
  }

  /** Runs one subcommand as the user or rusta types it. */
  run(home: string, args: readonly string[]): Finished {
    const [verb = '', ...rest] = args.filter((word) => word !== '-i');
    const [name = '', other = ''] = rest;
    const folder = join(home, 'vms', name);
    if (verb === 'list') return said(JSON.stringify(this.#rows(home)));
    if (verb === 'clone') return this.#clone(home, name, other);
    if (verb === 'ip') return said('192.168.64.5\n');
    if (verb === 'rename') return this.#rename(folder, join(home, 'vms', other));
    if (!existsSync(folder)) return failed(`the specified VM "${name}" does not exist`, 2);
    if (!this.isComplete(folder)) return failed('VM is missing some of its files (config.json, disk.img or nvram.bin)', 1);
    const life = this.#lifeAt(folder);
    if (verb === 'delete') {
      if (life !== undefined) return failed(`VM "${name}" is running`, 1);
      rmSync(folder, { recursive: true });
      return said('');
    }
    if (verb === 'set') {
      const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
      writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config, cpuCount: Number(rest[rest.indexOf('--cpu') + 1]) }));
      return said('');
    }
    if (life === undefined) return failed(`VM "${name}" is not running`, 2);
    if (verb === 'stop' || rest.includes('shutdown')) this.end(life.pid);
    return said('0\n');
  }

  start(home: string, args: readonly string[]): Detached {
    const name = args.find((word, index) => index > 0 && !word.startsWith('-')) ?? '';
    const folder = join(home, 'vms', name);
    this.#pids += 1;
    const pid = this.#pids;
    const ended = Promise.withResolvers<number>();
    let code: number | undefined;
    void ended.promise.then((value) => {
      code = value;
    });
    if (!this.isComplete(folder) || this.#lifeAt(folder) !== undefined) {
      code = 2;
      ended.resolve(2);
    } else {
      const lock = String(statSync(join(folder, 'config.json')).ino);
      this.lives.set(pid, { pid, argv: `tart ${args.join(' ')}`, token: this.tokenAt(folder) ?? '', lock, ended });
    }
    return { pid, exited: ended.promise, exitCode: () => code, kill: () => this.end(pid), release: () => {} };
  }

  /** The process ends, whether its guest went off or its power was cut. */
  end(pid: number): boolean {
    const life = this.lives.get(pid);
    this.lives.delete(pid);
    life?.ended.resolve(0);
    return life !== undefined;
  }

  #lifeAt(folder: string): Life | undefined {
    const lock = String(statSync(join(folder, 'config.json')).ino);
    return [...this.lives.values()].find((life) => life.lock === lock);
  }

  #rows(home: string) {
    const row = (Name: string) => ({ Source: 'local', Name, State: this.statusOf(join(home, 'vms', Name)) });
    return this.vms(home)
      .filter((name) => this.isComplete(join(home, 'vms', name)))
      .map(row);
  }

  #clone(home: string, source: string, name: string): Finished {
    const from = source.includes('/') ? undefined : join(home, 'vms', source);
    if (from !== undefined && !existsSync(from)) return failed(`the specified VM "${source}" does not exist`, 2);
    if (from !== undefined && !this.isComplete(from)) return failed('VM is missing some of its files', 1);
    const taken = this.vms(home)
      .filter((vm) => this.isComplete(join(home, 'vms', vm)))
      .map((vm) => readFileSync(join(home, 'vms', vm, 'config.json'), 'utf8'));
    this.#made += 1;
    const wanted = from === undefined ? IMAGE_MAC : '';
    const isTaken = wanted === '' || taken.some((config) => config.includes(wanted));
    const mac = isTaken ? `06:00:00:00:${hex(this.#made >> 8)}:${hex(this.#made & 255)}` : wanted;
    const temporary = join(home, `tmp-${this.#made}`);
    mkdirSync(temporary, { recursive: true });
    const base = JSON.parse(readFileSync(join(from ?? this.#image(home), 'config.json'), 'utf8'));
    writeFileSync(join(temporary, 'config.json'), JSON.stringify({ ...base, macAddress: mac }));
    writeFileSync(join(temporary, 'disk.img'), `vm-${this.#made}`.padEnd(TOKEN_LENGTH));
    writeFileSync(join(temporary, 'nvram.bin'), '');
    // An existing VM is replaced without a word (trap 1); the process of a running one goes on, out of sight.
    rmSync(join(home, 'vms', name), { recursive: true, force: true });
    renameSync(temporary, join(home, 'vms', name));
    return said('');
  }

  /** The one image there is, pulled at once. */
  #image(home: string): string {
    const folder = join(home, 'cache/OCIs/ghcr.io/cirruslabs/ubuntu/sha256:1');
    if (existsSync(folder)) return folder;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ macAddress: IMAGE_MAC, cpuCount: 4 }));
    writeFileSync(join(folder, 'disk.img'), 'image'.padEnd(TOKEN_LENGTH));
    return folder;
  }

  #rename(from: string, to: string): Finished {
    if (!existsSync(from) || existsSync(to)) return failed('Error: failed to rename', 64);
    renameSync(from, to);
    return said('');
  }
}

const hex = (byte: number) => byte.toString(16).padStart(2, '0');
export const said = (stdout: string): Finished => ({ code: 0, stdout, stderr: '', timedOut: false });
export const failed = (stderr: string, code: number): Finished => ({ code, stdout: '', stderr, timedOut: false });
