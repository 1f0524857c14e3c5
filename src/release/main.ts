/**
 * `bun run release` writes a release to dist/release, and the formula that installs it. It is in `src` because it writes the manual pages
 * from the definitions of the commands; nothing in the binary may import it (the linter makes sure).
 */
import { join } from 'node:path';
import { ROOT, release } from './release.ts';

const outputs = await release({ folder: join(ROOT, 'dist', 'release'), formulas: join(ROOT, 'Formula') });
for (const [path, hash] of outputs) console.log(`${hash}  ${path}`);
