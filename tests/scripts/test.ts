/** `bun run test`: everything that needs no root, from a fresh clone on. */
import { plainTests } from './files.ts';
import { buildSandbox, bun, step, tests, tool } from './steps.ts';
import { add, closingLine, duration } from './tally.ts';

const started = performance.now();
const total = add(
  await step('Dependencies as locked', ...bun('install', '--frozen-lockfile')),
  await step('Build', ...bun('run', 'build')),
  await buildSandbox(),
  await step('Types', ...tool('tsc')),
  await step('Lint and format', ...tool('biome', 'check', '--error-on-warnings', '.')),
  await step('Dead code', ...tool('knip')),
  await tests('Tests', plainTests),
);
console.log(`\nThe whole took ${duration(performance.now() - started)}.\n${closingLine(total)}`);
process.exitCode = total.failed === 0 ? 0 : 1;
