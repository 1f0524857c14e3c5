import { isAbsolute, join, resolve } from 'node:path';
import { RustaError } from '../errors.ts';
import { readSmall } from '../system/files/files.ts';
import { canonicalPath, listFolder } from '../system/files/folders.ts';
import { createOnce } from '../system/files/private-files.ts';
import { shortHash } from '../system/hash.ts';

/** The folder that Tart works in, and the one where rusta keeps what belongs to its VMs (D28). */
export interface Home {
  readonly tartHome: string;
  /** `~/.local/share/rusta`, which also holds all that belongs to no VM, such as the sources. */
  readonly root: string;
  /** Holds the files of the VMs in `tartHome`: the root itself for one `TART_HOME`, a folder below it for each other. */
  readonly folder: string;
  /** The `TART_HOME` whose VMs have their files in the root. */
  readonly rootTartHome: string;
  /** Records which `TART_HOME` the root belongs to, so that this stays so. Throws RustaError where another rusta was faster. */
  claim(): void;
}

/** Name of the file that says which `TART_HOME` its folder belongs to. */
const MARKER = 'tart-home';
/** More than the longest path has, also one that the system refuses: the marker has to be read as it was written. */
const MAX_BYTES = 65_536;

/** Finds the folders that the environment asks for. Throws RustaError if HOME is missing or relative: rusta has no place for its files then. */
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

/**
 * Decides which `TART_HOME` a root without a marker belongs to: versions that knew only one wrote none. It belongs to the default one if
 * that holds VMs, else to the present one.
 */
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
