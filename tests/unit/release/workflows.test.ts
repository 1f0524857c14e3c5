import { expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { YAML } from 'bun';
import packageJson from '../../../package.json' with { type: 'json' };

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly 'runs-on': string;
  readonly 'timeout-minutes': number;
  readonly permissions: Readonly<Record<string, string>>;
  readonly needs?: string;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly permissions: unknown;
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = join(import.meta.dir, '../../../.github/workflows');
const WORKFLOWS = readdirSync(FOLDER).map((file) => {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  // What the fields hold is checked below; a file of another shape fails there.
  return [file, text, YAML.parse(text) as Workflow] as const;
});
const writes = ({ permissions }: Job) =>
  Object.entries(permissions)
    .filter(([, level]) => level === 'write')
    .map(([scope]) => scope);

test.each(WORKFLOWS)('%s: each action is pinned by a hash that says its version, and Bun by package.json', (_file, text, { env }) => {
  const used = text.match(/uses:.*/g) ?? [];
  expect(used.length).toBeGreaterThan(0);
  for (const line of used) expect(line).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  expect(env['BUN']).toBe(`npx --yes ${packageJson.packageManager}`);
});

test.each(WORKFLOWS)('%s: no job has a permission or a time that it does not ask for itself', (_file, _text, { permissions, jobs }) => {
  expect(permissions).toEqual({});
  for (const job of Object.values(jobs)) {
    expect(Object.keys(job.permissions)).not.toHaveLength(0);
    expect(job['timeout-minutes']).toBeGreaterThan(0);
    expect(job['runs-on']).toMatch(/^(ubuntu-24\.04|macos-15)$/);
  }
});

test.each(WORKFLOWS)('%s: what runs code of dependencies may not write to the repository', (_file, _text, { jobs }) => {
  for (const job of Object.values(jobs)) {
    if (!job.steps.some(({ run }) => run?.includes('$BUN'))) continue;
    expect(writes(job).filter((scope) => scope !== 'id-token' && scope !== 'attestations')).toEqual([]);
    const checkout = job.steps.find(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkout?.with).toMatchObject({ 'persist-credentials': false });
  }
});

test.each(WORKFLOWS)('%s: no script has text from outside pasted into it', (_file, _text, { jobs }) => {
  for (const { run } of Object.values(jobs).flatMap(({ steps }) => steps)) expect(run ?? '').not.toContain('${{');
});

test.skipIf(Bun.which('shellcheck') === null).each(WORKFLOWS)('%s: its scripts pass shellcheck', (_file, _text, { jobs }) => {
  const scripts = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
  expect(scripts).not.toHaveLength(0);
  for (const script of scripts) {
    // Its words are to be split.
    const { stdout } = Bun.spawnSync(['shellcheck', '--shell=bash', '-'], { stdin: Buffer.from(`export BUN=bun\n${script}`) });
    expect({ script, found: String(stdout) }).toEqual({ script, found: '' });
  }
});

test.each(WORKFLOWS)(
  '%s: every script that it runs from package.json exists, and jobs wait for jobs that exist',
  (_file, text, { jobs }) => {
    for (const [, script] of text.matchAll(/\$BUN run ([\w:-]+)/g)) expect(Object.keys(packageJson.scripts)).toContain(script ?? '');
    for (const { needs } of Object.values(jobs)) if (needs !== undefined) expect(Object.keys(jobs)).toContain(needs);
  },
);

test('the release writes in one job alone', () => {
  const release = WORKFLOWS.find(([file]) => file === 'release.yml')?.[2];
  const writers = Object.entries(release?.jobs ?? {}).filter(([, job]) => writes(job).includes('contents'));
  expect(writers.map(([name]) => name)).toEqual(['publish']);
});

/** Runs the step that offers the formula, as Actions runs it, with programs in place of git and gh. */
function offerFormula(gh: string) {
  const release = WORKFLOWS.find(([file]) => file === 'release.yml')?.[2];
  const script = release?.jobs['publish']?.steps.find(({ run }) => run?.includes('gh pr create'))?.run ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'rusta-offer-'));
  for (const name of ['built/Formula', 'Formula', 'bin']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'built/Formula/rusta.rb'), 'class Rusta');
  const program = (name: string, text: string) => writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  program('git', 'case "$1" in diff) exit 1 ;; esac');
  program('gh', gh);
  const env = {
    PATH: `${folder}/bin:/usr/bin:/bin`,
    GITHUB_REF_NAME: 'v9.9.9',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'o/r',
    BASE: 'main',
  };
  const { exitCode, stdout } = Bun.spawnSync(['bash', '-e', '-o', 'pipefail', '-c', script], { cwd: folder, env, stderr: 'inherit' });
  rmSync(folder, { recursive: true });
  return { exitCode, stdout: String(stdout) };
}

test('a repository that lets workflows open no pull requests gets a notice with the link, and a green release', () => {
  expect(offerFormula('exit 0')).toEqual({ exitCode: 0, stdout: '' });
  const refused = offerFormula('echo "GitHub Actions is not permitted to create pull requests" >&2; exit 1');
  expect(refused.exitCode).toBe(0);
  expect(refused.stdout).toStartWith('::notice ');
  expect(refused.stdout).toContain('https://github.com/o/r/compare/main...formula-v9.9.9');
});
