/** `bun run test`: everything that needs no root, from a fresh clone on. */
import { bun, ROOT, step, tests, tool } from './steps.ts';
import { add, closingLine } from './tally.ts';

const installed = await step('Dependencies as locked', ...bun('install', '--frozen-lockfile'));
const total = add(
  installed,
  await step('Build', ...bun('run', 'build')),
  await step('Types', ...tool('tsc')),
  await step('Lint and format', ...tool('biome', 'check', '--error-on-warnings', '.')),
  await step('Dead code', ...tool('knip')),
  await tests('Tests', withoutRoot(), 30_000),
);
console.log(`\n${closingLine(total)}`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** Every test but those on system guests, which `test:system` runs. */
function withoutRoot(): string[] {
  const files = [...new Bun.Glob('tests/**/*.test.ts').scanSync({ cwd: ROOT })].sort();
  return files.filter((file) => !/^tests\/(system|sandbox\/system)\//.test(file)).map((file) => `./${file}`);
}
