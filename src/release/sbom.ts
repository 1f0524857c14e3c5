/** The part of `bun.lock` that we read: `[name@version, registry, dependencies, integrity]` for each package. */
export interface Lock {
  readonly workspaces: Readonly<Record<string, { readonly dependencies?: Readonly<Record<string, string>> }>>;
  readonly packages: Readonly<Record<string, readonly unknown[]>>;
}

export interface Product {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly repository: string;
  /** e.g. `bun@1.4.5`: the runtime is part of the binary. */
  readonly packageManager: string;
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly dependencies: readonly string[];
  readonly integrity: string;
}

/**
 * Returns the parts of the binary as CycloneDX 1.6, without a date or serial number, so that two builds agree. Throws Error for a lock
 * that lacks a package.
 */
export function sbom(lock: Lock, product: Product): object {
  const direct = Object.keys(lock.workspaces['']?.dependencies ?? {}).map((name) => find(lock, name));
  const packages = withDependencies(lock, direct);
  const [runtime = '', runtimeVersion = ''] = product.packageManager.split('@');
  const runtimeRef = `pkg:github/oven-sh/${runtime}@${runtime}-v${runtimeVersion}`;
  const root = `pkg:github/${new URL(product.repository).pathname.slice(1)}@v${product.version}`;
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': root,
        name: product.name,
        version: product.version,
        description: product.description,
        licenses: [{ license: { id: product.license } }],
        purl: root,
      },
    },
    components: [
      { type: 'platform', 'bom-ref': runtimeRef, name: runtime, version: runtimeVersion, purl: runtimeRef },
      ...packages.map(({ name, version, integrity }) => ({
        type: 'library',
        'bom-ref': purl({ name, version }),
        name,
        version,
        purl: purl({ name, version }),
        hashes: [{ alg: 'SHA-512', content: Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex') }],
      })),
    ],
    dependencies: [
      { ref: root, dependsOn: [runtimeRef, ...direct.map(purl)] },
      ...packages.map((entry) => ({ ref: purl(entry), dependsOn: entry.dependencies.map((name) => purl(find(lock, name))) })),
    ],
  };
}

function withDependencies(lock: Lock, direct: readonly Package[]): Package[] {
  const seen = new Map<string, Package>();
  const visit = (entry: Package) => {
    if (seen.has(entry.name)) return;
    seen.set(entry.name, entry);
    for (const name of entry.dependencies) visit(find(lock, name));
  };
  for (const entry of direct) visit(entry);
  return [...seen.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function find(lock: Lock, name: string): Package {
  const [id, , details, integrity] = lock.packages[name] ?? [];
  if (typeof id !== 'string' || typeof integrity !== 'string' || !integrity.startsWith('sha512-'))
    throw new Error(`bun.lock has no package '${name}' with its hash`);
  const dependencies =
    typeof details === 'object' && details !== null && 'dependencies' in details ? Object.keys(details.dependencies ?? {}) : [];
  return { name, version: id.slice(name.length + 1), dependencies, integrity };
}

function purl({ name, version }: Pick<Package, 'name' | 'version'>): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}
