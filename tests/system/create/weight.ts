import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mac } from '../../sandbox/mac.ts';
import { output } from '../../sandbox/system/programs.ts';
import { statePaths } from '../../sandbox/system/state.ts';
import { plant } from './plant.ts';
import build from './weight.sh' with { type: 'text' };

/**
 * Lets a cloned VM that is off unpack what the image of a Mac would have it unpack. On Debian 12 the five packages of a server come with
 * 93 libraries, 98 packages of 196 MB in 8,700 files. The base of all tests has the libraries already, which leaves 51 MB in 1,000 files.
 * This gives back 21 of them with 129 MB in 7,100 files: less than the whole, and without anything to set up.
 */
export async function addWeight(mac: Mac, vm: string): Promise<void> {
  const { base, upper } = statePaths(mac.vm(vm).folder);
  const folder = join(upper, 'srv/weight');
  await mkdir(folder, { recursive: true });
  await output(['sh', '-c', build, 'weight.sh', await realpath(base), folder]);
  await plant(mac, vm, '/etc/apt/sources.list.d/weight.list', 'deb [trusted=yes] file:/srv/weight ./\n');
}
