import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mac } from '../../sandbox/mac.ts';
import { boots } from '../boots.ts';

/** Returns what makes folders in the user's home, shares them with VM `lab`, and looks at them from there. */
export function sharing(mac: () => Mac) {
  const home = (...path: string[]) => join(realpathSync(mac().home), ...path);
  /** A folder of the user's that says where it is. */
  function folder(...path: string[]): string {
    mkdirSync(home(...path), { recursive: true });
    writeFileSync(home(...path, 'name'), `${path.join('/')}\n`);
    return home(...path);
  }
  const inHome = {
    get cwd() {
      return mac().home;
    },
  };
  const up = (...flags: string[]) => mac().rusta(['up', 'lab', ...flags], inHome);
  const runLines = () => boots(mac());
  const inGuest = async (line: string) => (await mac().run('tart', ['exec', 'lab', 'sh', '-c', line])).stdout;
  return { home, folder, inHome, up, runLines, inGuest };
}
