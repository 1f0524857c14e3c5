import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryFolder } from '../sandbox/mac/memory.ts';
import { type Rusta, startRusta } from './app.ts';
import { FakeTart } from './fake-tart.ts';
import { Model } from './model.ts';
import { HOMES, NAMES } from './steps.ts';

/** A Mac with two homes of Tart on real folders, and what is known of its VMs. */
export class FakeMac {
  readonly root = mkdtempSync(join(memoryFolder() ?? tmpdir(), 'rusta-seq-'));
  readonly tart = new FakeTart();
  readonly model = new Model();
  /** Folders that were moved away, the latest last. */
  readonly away: { readonly from: string; readonly to: string }[] = [];
  /** The one of HOMES that is in use. */
  home: string = HOMES[0];

  get tartHome(): string {
    return this.#homeAt(this.home);
  }

  folder(vm: string): string {
    return join(this.tartHome, 'vms', vm);
  }

  /** What the disk of the VM with this name holds; undefined where there is none. */
  tokenOf(vm: string): string | undefined {
    return this.tart.tokenAt(this.folder(vm));
  }

  /** The tokens of all VMs, those that are away included. */
  tokens(): Set<string> {
    const folders = HOMES.flatMap((home) => NAMES.map((name) => join(this.#homeAt(home), 'vms', name)));
    return new Set([...folders.flatMap((folder) => this.tart.tokenAt(folder) ?? []), ...this.tokensAway()]);
  }

  tokensAway(): Set<string> {
    return new Set(this.away.flatMap(({ to }) => this.tart.tokenAt(to) ?? []));
  }

  rusta(kill?: Parameters<typeof startRusta>[2]): Rusta {
    return startRusta(this.tart, { HOME: this.root, TART_HOME: this.tartHome }, kill);
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #homeAt(home: string): string {
    return join(this.root, home === HOMES[0] ? '.tart' : home);
  }
}
