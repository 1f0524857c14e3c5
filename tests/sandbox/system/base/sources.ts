import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Entry {
  readonly options: string;
  readonly uri: string;
  readonly suite: string;
  readonly components: string;
}

/**
 * The machine's own entries for its distribution, one `deb …` line each. Entries of third parties are left out: a suite counts
 * only if it is the release itself or one of the pockets that the distribution keeps for it.
 */
export async function distributionSources(codename: string, etc = '/etc/apt'): Promise<string[]> {
  const folder = join(etc, 'sources.list.d');
  const names = (await readdir(folder).catch(() => [])).sort().map((name) => join(folder, name));
  const entries: Entry[] = [];
  for (const path of [join(etc, 'sources.list'), ...names]) {
    if (!/\.(list|sources)$/.test(path)) continue;
    const text = await readFile(path, 'utf8').catch(() => '');
    entries.push(...(path.endsWith('.list') ? oneLine(text) : deb822(text)));
  }
  const pockets = ['', '-updates', '-security', '/updates'].map((suffix) => codename + suffix);
  const own = entries.filter((entry) => pockets.includes(entry.suite) && /\bmain\b/.test(entry.components));
  return own.map(({ options, uri, suite, components }) => `deb ${options && `[${options}] `}${uri} ${suite} ${components}`);
}

function oneLine(text: string): Entry[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[\s*([^\]]*?)\s*\]\s+)?(\S+)\s+(\S+)\s+([^#]+)/.exec(line);
    if (!match) return [];
    const [, options = '', uri = '', suite = '', components = ''] = match;
    return [{ options, uri, suite, components: components.trim() }];
  });
}

function deb822(text: string): Entry[] {
  const stanzas = text.replaceAll(/^#.*\n?/gm, '').split(/\n\s*\n/);
  return stanzas.flatMap((stanza) => {
    const words = (key: string) => (new RegExp(`^${key}:(.*(?:\\n[ \\t].*)*)`, 'im').exec(stanza)?.[1] ?? '').split(/\s+/).filter(Boolean);
    if (!words('Types').includes('deb') || words('Enabled')[0] === 'no') return [];
    // A path; a key written out in the entry itself cannot be passed on in one line.
    const keyring = words('Signed-By').find((word) => word.startsWith('/'));
    const options = keyring ? `signed-by=${keyring}` : '';
    const components = words('Components').join(' ');
    return words('URIs').flatMap((uri) => words('Suites').map((suite) => ({ options, uri, suite, components })));
  });
}
