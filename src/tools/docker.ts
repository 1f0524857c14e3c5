import { RustaError } from '../errors.ts';
import { succeeded } from '../system/programs/command.ts';
import { failure, type Runner } from '../system/programs/runner.ts';
import { firstLine } from '../text/lines.ts';

const TIMEOUT_MS = 30_000;
/** Longer, because the call logs in to the guest. */
const REACH_TIMEOUT_MS = 60_000;
/** Description of the contexts that rusta made; others are the user's (D13). */
const MARK = 'Made by rusta';

interface DockerContext {
  /** e.g. `ssh://admin@docker-lab`; undefined if it has none. */
  readonly endpoint: string | undefined;
  readonly ours: boolean;
}

/** The `docker` CLI of the host, of which only contexts are used. Throws ToolError. */
export interface Docker {
  /** Returns the context; undefined if there is none of that name. */
  inspect(context: string): Promise<DockerContext | undefined>;
  create(context: string, endpoint: string): Promise<void>;
  update(context: string, endpoint: string): Promise<void>;
  remove(context: string): Promise<void>;
  readonly installed: boolean;
  /** Throws RustaError if this `docker` has no contexts, as podman's has none. */
  assertContexts(): Promise<void>;
  /** Asks the engine behind a context for its version. Throws ToolError if it cannot be reached. */
  assertReaches(context: string): Promise<void>;
}

export function createDocker(runner: Runner): Docker {
  const context = (...args: string[]) => ({ program: 'docker', args: ['context', ...args], timeoutMs: TIMEOUT_MS });
  return {
    get installed() {
      return runner.which('docker') !== undefined;
    },
    async assertContexts() {
      const finished = await runner.run(context('ls', '--quiet'));
      if (succeeded(finished)) return;
      const line = firstLine(finished.stderr) ?? (finished.timedOut ? 'it did not answer' : `exit code ${finished.code}`);
      throw new RustaError('program_failed', `'docker context ls' failed: ${line}`, {
        hint: "A docker without contexts, as podman's is, does not serve: install Docker's own with 'brew install docker', and let it come first on PATH.",
      });
    },
    async assertReaches(name) {
      await runner.check({ program: 'docker', args: ['--context', name, 'version'], timeoutMs: REACH_TIMEOUT_MS });
    },
    async inspect(name) {
      const command = context('inspect', name);
      const finished = await runner.run(command);
      if (succeeded(finished)) return parseInspect(finished.stdout);
      if (/not found|no such|does not exist/i.test(finished.stderr)) return undefined;
      throw failure(command, finished);
    },
    async create(name, endpoint) {
      await runner.check(context('create', name, '--description', MARK, '--docker', `host=${endpoint}`));
    },
    async update(name, endpoint) {
      await runner.check(context('update', name, '--docker', `host=${endpoint}`));
    },
    async remove(name) {
      // --force: the context may be the current one, and the VM that it leads to is gone.
      await runner.check(context('rm', '--force', name));
    },
  };
}

/** Reads the first entry of `docker context inspect`. */
function parseInspect(json: string): DockerContext {
  let entries: unknown;
  try {
    entries = JSON.parse(json);
  } catch {
    throw new RustaError(
      'program_failed',
      `the answer of 'docker context inspect' cannot be read: it begins with '${json.trim().slice(0, 60)}'`,
    );
  }
  const [first]: unknown[] = Array.isArray(entries) ? entries : [];
  const endpoint = at(first, 'Endpoints', 'docker', 'Host');
  return { endpoint: typeof endpoint === 'string' ? endpoint : undefined, ours: at(first, 'Metadata', 'Description') === MARK };
}

function at(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = Reflect.get(current, key);
  }
  return current;
}
