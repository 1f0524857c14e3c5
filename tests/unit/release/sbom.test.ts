import { expect, test } from 'bun:test';
import lock from '../../../bun.lock';
import packageJson from '../../../package.json' with { type: 'json' };
import { type Lock, sbom } from '../../../src/release/sbom.ts';

interface Sbom {
  readonly components: readonly { name: string; version: string; hashes?: readonly { content: string }[]; 'bom-ref': string }[];
  readonly dependencies: readonly { ref: string; dependsOn: readonly string[] }[];
}

const read = (value: Lock): Sbom => JSON.parse(JSON.stringify(sbom(value, packageJson)));

test('the runtime and what the binary is made of, each with its version and hash; nothing that only tests need', () => {
  const { components } = read(lock);
  const named = new Map(components.map((component) => [component.name, component]));
  for (const [name, version] of Object.entries(packageJson.dependencies)) expect(named.get(name)?.version).toBe(version);
  for (const name of Object.keys(packageJson.devDependencies)) expect(named.has(name)).toBe(false);
  expect(named.get('bun')?.version).toBe(packageJson.packageManager.slice('bun@'.length));
  for (const { name, hashes } of components) if (name !== 'bun') expect(hashes?.[0]?.content).toMatch(/^[0-9a-f]{128}$/);
});

test('dependencies of dependencies are in it, once, and every reference leads somewhere', () => {
  const entry = (id: string, ...needs: string[]) => [
    id,
    '',
    { dependencies: Object.fromEntries(needs.map((need) => [need, '*'])) },
    'sha512-AAAA',
  ];
  const { components, dependencies } = read({
    workspaces: { '': { dependencies: { a: '1', '@s/b': '2' } } },
    packages: { a: entry('a@1.0.0', 'c'), '@s/b': entry('@s/b@2.0.0', 'c', 'a'), c: entry('c@3.0.0', 'a'), other: entry('other@9.0.0') },
  });
  expect(components.map((component) => component['bom-ref']).slice(1)).toEqual([
    'pkg:npm/%40s/b@2.0.0',
    'pkg:npm/a@1.0.0',
    'pkg:npm/c@3.0.0',
  ]);
  const known = components.map((component) => component['bom-ref']);
  for (const { dependsOn } of dependencies) for (const ref of dependsOn) expect(known).toContain(ref);
});

test('a package without a hash is refused', () => {
  expect(() => sbom({ workspaces: { '': { dependencies: { a: '1' } } }, packages: { a: ['a@1.0.0'] } }, packageJson)).toThrow(
    "no package 'a'",
  );
});
