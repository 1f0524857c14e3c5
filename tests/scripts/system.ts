/** `bun run test:system`: what needs guests that really boot. Linux as root only; installs Debian packages, after naming them. */
import { ensureRegistryPackages } from '../registry/packages.ts';
import { ensureBase } from '../sandbox/system/base/base.ts';
import { ensurePackages, whyUnsupported } from '../sandbox/system/base/packages.ts';
import { systemTests } from './files.ts';
import { buildSandbox, bun, step, tests } from './steps.ts';
import { add, closingLine, duration, type Tally } from './tally.ts';

const begin = performance.now();
/** Each guest has links and mounts of its own. On two processors four leave a twentieth of them unused. */
const AT_ONCE = 4;

if (process.platform === 'linux' && process.getuid?.() === 0) {
  const total = await all();
  console.log(`\nThe whole took ${duration(performance.now() - begin)}.\n${closingLine(total)}`);
  process.exitCode = total.failed === 0 ? 0 : 1;
} else {
  console.error('test:system boots real guests, which needs Linux and root; nothing was run.');
  process.exitCode = 1;
}

async function all(): Promise<Tally> {
  const ready = add(
    await step('Dependencies as locked', ...bun('install', '--frozen-lockfile')),
    await work('Debian packages', preparePackages),
    await step('Build', ...bun('run', '--silent', 'build')),
    await buildSandbox(),
  );
  if (ready.failed > 0) return ready;
  const base = add(ready, await work('Base image of the guests', () => ensureBase(say)));
  // Without it every test would fail, each for this reason.
  return base.failed > 0 ? base : add(base, await tests('System tests', systemTests, AT_ONCE));
}

async function preparePackages(): Promise<void> {
  await ensurePackages(say);
  await ensureRegistryPackages();
  // The tests skip themselves where they cannot run: that must not pass for success.
  const reason = whyUnsupported();
  if (reason !== undefined) throw new Error(reason);
}

/** Like `step`, for work of our own: counted as one test. */
async function work(title: string, job: () => Promise<unknown>): Promise<Tally> {
  console.log(`\n## ${title}`);
  const started = performance.now();
  const took = () => duration(performance.now() - started);
  try {
    await job();
    console.log(`ok: ${title} (${took()})`);
    return { passed: 1, failed: 0 };
  } catch (error) {
    console.log(`${error instanceof Error ? error.message : String(error)}\nFAILED: ${title} (${took()})`);
    return { passed: 0, failed: 1 };
  }
}

function say(line: string): void {
  console.log(`${line} ...`);
}
