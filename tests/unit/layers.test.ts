import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dir, '..', '..');
let project: string;

/** Lints one planted file in an empty project with our configuration; the names of the rules that it breaks. */
function lint(path: string, source: string): string[] {
  mkdirSync(join(project, path, '..'), { recursive: true });
  writeFileSync(join(project, path), source);
  const { stdout } = spawnSync(join(ROOT, 'node_modules/.bin/biome'), ['lint', '--vcs-enabled=false', '--reporter=json', path], {
    cwd: project,
    encoding: 'utf8',
  });
  const report: { diagnostics: { category: string }[] } = JSON.parse(stdout);
  return report.diagnostics.map(({ category }) => category.replace(/^lint\/\w+\//, ''));
}

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'rusta-layers-'));
  for (const file of ['.biome.json', 'src/layers.grit']) cpSync(join(ROOT, file), join(project, file));
});
afterAll(() => rmSync(project, { recursive: true }));

describe('a planted violation is found', () => {
  const cases: [path: string, source: string, rule: string][] = [
    ['src/commands/life/plant.ts', "export { run } from '../../cli/run.ts';", 'plugin'],
    ['src/commands/shared/plant.ts', "export { run } from '../../cli/run.ts';", 'plugin'],
    ['src/vm/plant.ts', "export const up = () => import('../cli/run.ts');", 'plugin'],
    ['src/tools/plant.ts', "export { up } from '../commands/life/up.ts';", 'plugin'],
    ['src/create/plant.ts', "export { up } from '../commands/life/up.ts';", 'plugin'],
    ['src/reach/plant.ts', "export { createVm } from '../create/create.ts';", 'plugin'],
    ['src/create/plant.ts', "export { report } from '../doctor/report.ts';", 'plugin'],
    ['src/doctor/plant.ts', "export { createVm } from '../create/create.ts';", 'plugin'],
    ['src/lifecycle/plant.ts', "export { sshCopy } from '../reach/ssh-copy.ts';", 'plugin'],
    ['src/vm/plant.ts', "export { bringUp } from '../lifecycle/up.ts';", 'plugin'],
    ['src/contract/plant.ts', "export { RustaError } from '../errors.ts';", 'plugin'],
    ['src/ui/plant.ts', "export { object } from 'valibot';", 'plugin'],
    ['src/vm/plant.ts', "export type { Source } from '../images/source.ts';", 'plugin'],
    ['src/images/plant.ts', "export { findVm } from '../vm/resolve.ts';", 'plugin'],
    ['src/guest/plant.ts', "export { WAITS } from '../vm/waits.ts';", 'plugin'],
    ['src/tools/plant.ts', "export { WAITS } from '../vm/waits.ts';", 'plugin'],
    ['src/ui/plant.ts', "export { createTart } from '../tools/tart.ts';", 'plugin'],
    ['src/ui/plant.ts', "export { createStore } from '../state/store.ts';", 'plugin'],
    ['src/state/plant.ts', "export { createOutput } from '../ui/output.ts';", 'plugin'],
    ['src/system/plant.ts', "export { createTart } from '../tools/tart.ts';", 'plugin'],
    ['src/system/files/plant.ts', "export { createOutput } from '../../ui/output.ts';", 'plugin'],
    ['src/text/plant.ts', "export { readIfExists } from '../system/files/files.ts';", 'plugin'],
    ['src/app.ts', "export { findVm } from './vm/resolve.ts';", 'plugin'],
    ['src/errors.ts', "export { createTart } from './tools/tart.ts';", 'plugin'],
    ['src/commands/life/plant.ts', "export { default } from './up.ts';", 'plugin'],
    ['src/commands/use/plant.ts', "export { default } from '../life/up.ts';", 'plugin'],
    ['src/commands/images/plant.ts', "export const up = () => import('../life/up.ts');", 'plugin'],
    ['src/commands/shared/plant.ts', "export { default } from '../life/up.ts';", 'plugin'],
    ['src/vm/plant.ts', "export { composeApp } from '../compose.ts';", 'plugin'],
    ['src/cli/plant.ts', "export { tar } from '../release/tar.ts';", 'plugin'],
    ['src/vm/plant.ts', "export { readFileSync } from 'node:fs';", 'plugin'],
    ['src/tools/plant.ts', "export { dlopen } from 'bun:ffi';", 'plugin'],
    ['src/cli/plant.ts', "export { $ } from 'bun';", 'plugin'],
    ['src/vm/plant.ts', 'export const version = Bun.version;', 'noRestrictedGlobals'],
    ['src/tools/plant.ts', 'export const home = process.env;', 'noRestrictedGlobals'],
    ['src/vm/plant.ts', 'export const t = setTimeout;', 'noRestrictedGlobals'],
    ['src/system/plant.ts', "console.log('x');", 'noConsole'],
    ['src/vm/plant.ts', 'export const x: any = 1;', 'noExplicitAny'],
  ];
  test.each(cases)('%s: %s', (path, source, rule) => {
    expect(lint(path, source)).toContain(rule);
  });
});

test('what the layers allow is not complained about', () => {
  expect(lint('src/vm/fine.ts', "export { createTart } from '../tools/tart.ts';\nexport { join } from 'node:path';\n")).toEqual([]);
  expect(lint('src/commands/life/fine.ts', "export { command } from '../shared/command.ts';\n")).toEqual([]);
  expect(lint('src/commands/images/fine.ts', "export { checkImage } from '../../images/image.ts';\n")).toEqual([]);
  expect(lint('src/commands/shared/fine.ts', "export { command } from './command.ts';\n")).toEqual([]);
  expect(lint('src/system/fine.ts', "export { readFileSync } from 'node:fs';\nexport const version = Bun.version;\n")).toEqual([]);
});
