import { isAbsolute, join, resolve } from 'node:path';
import { RustaError } from '../errors.ts';
import { readSmall } from '../system/files/files.ts';
import { canonicalPath, listFolder } from '../system/files/folders.ts';
import { createOnce } from '../system/files/private-files.ts';
import { shortHash } from '../system/hash.ts';

/** The folder that Tart works in, and the one where rusta keeps what belongs to its VMs (D28). */
export interface Home {
  readonly tartHome: string;
  /** `~/.local/share/rusta`: what belongs to no VM, such as the sources, stands here. */
  readonly root: string;
  /** What belongs to the VMs of `tartHome`: the root itself for one folder of Tart's, a folder below it for each other. */
  readonly folder: string;
  /** The folder of Tart's whose VMs have their files in the root. */
  readonly rootTartHome: string;
  /** Writes down whose the root is, so that it stays so. Throws RustaError where another rusta was faster. */
  claim(): void;
}

/** Holds the `TART_HOME` whose VMs have their files in the folder where it stands. */
const MARKER = 'tart-home';
const MAX_BYTES = 4_096;

/** Throws RustaError where HOME is missing or depends on the current folder: without it nothing of ours has a place. */
export function findHome(env: Readonly<Record<string, string>>): Home {
  const home = env['HOME'];
  const hint = 'rusta keeps its state in ~/.local/share/rusta.';
  if (!home) throw new RustaError('environment_invalid', 'HOME is not set', { hint });
  if (!isAbsolute(home)) throw new RustaError('environment_invalid', `HOME is '${home}', not an absolute path`, { hint });
  const root = join(home, '.local', 'share', 'rusta');
  const usual = join(home, '.tart');
  // Set but empty means the current folder to Tart (docs/tart.md, section 2).
  const tartHome = env['TART_HOME'] === undefined ? usual : resolve(env['TART_HOME']);
  const own = canonicalPath(tartHome);
  const owner = readMarker(root) ?? ownerOfUnmarked(own, canonicalPath(usual));
  const folder = own === owner ? root : join(root, 'homes', shortHash(own));
  return {
    tartHome,
    root,
    folder,
    rootTartHome: owner,
    claim() {
      mark(root, owner);
      if (folder !== root) mark(folder, own);
    },
  };
}

/** Versions that knew one folder only left no marker. Their files are the default folder's if that holds VMs, else whose they are who comes. */
function ownerOfUnmarked(own: string, usual: string): string {
  if (own === usual) return usual;
  return (listFolder(join(usual, 'vms')) ?? []).some(({ name }) => !name.startsWith('.')) ? usual : own;
}

function mark(folder: string, tartHome: string): void {
  if (readMarker(folder) === tartHome) return;
  if (createOnce(join(folder, MARKER), `${tartHome}\n`) || readMarker(folder) === tartHome) return;
  throw new RustaError('busy', `${folder} was taken by a rusta with another TART_HOME at this moment`, { hint: 'Try again.' });
}

function readMarker(folder: string): string | undefined {
  const text = readSmall(join(folder, MARKER), MAX_BYTES)?.trimEnd();
  return text !== undefined && isAbsolute(text) ? text : undefined;
}
