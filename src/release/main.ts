/**
 * `bun run release`: what a release consists of, in dist/release, and the formula that installs it. It lives in `src` because it
 * writes the manual pages from the definitions of the commands; nothing that the binary is made of may import it (the linter sees to it).
 */
import { join } from 'node:path';
import { ROOT, release } from './release.ts';

const outputs = await release({ folder: join(ROOT, 'dist', 'release'), formulas: join(ROOT, 'Formula') });
for (const [path, hash] of outputs) console.log(`${hash}  ${path}`);
