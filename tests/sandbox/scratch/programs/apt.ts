import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, out } from '../../standin/io.ts';
import type { Program } from '../../standin/programs.ts';
import { guestPlace } from '../environment.ts';
import { addProgram } from '../skeleton.ts';

const BROUGHT: Readonly<Record<string, string>> = {
  'apt-fast': 'apt-fast',
  'docker-ce': 'docker',
  'docker-ce-cli': 'docker',
  'docker.io': 'docker',
  git: 'git',
  aria2: 'aria2c',
};

const list = (root: string) => join(root, 'var/lib/dpkg/installed');
const sources = (root: string) => join(root, 'etc/apt/sources.list.d/added');
const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : []);

/** apt-get, apt-fast, apt: installs by writing a name down, and brings the programs that scripts look for. */
export const apt: Program = ({ args }) => {
  const { root } = guestPlace();
  const [verb, ...packages] = plainWords(args);
  if (verb === 'update') out('Hit:1 http://ports.ubuntu.com/ubuntu-ports noble InRelease\nReading package lists...');
  if (verb !== 'install' || args.includes('--download-only') || args.includes('--print-uris')) return 0;
  const unknown = packages.find((name) => name === 'apt-fast' && read(sources(root)).length === 0);
  if (unknown) {
    err(`E: Unable to locate package ${unknown}`);
    return 100;
  }
  for (const name of packages) {
    out(`Setting up ${name} (1.0) ...`);
    appendFileSync(list(root), `${name}\n`);
    const program = BROUGHT[name];
    if (program) addProgram(root, process.execPath, program);
  }
  return 0;
};

/** `-o Name=value` and the like are no packages. */
function plainWords(args: readonly string[]): string[] {
  return args.filter((word, at) => !word.startsWith('-') && !['-o', '-c', '-t'].includes(args[at - 1] ?? ''));
}

export const addRepository: Program = ({ args }) => {
  const { root } = guestPlace();
  appendFileSync(sources(root), `${plainWords(args).join(' ')}\n`);
  return 0;
};

export const aptCache: Program = ({ args }) => {
  const [verb, name = ''] = plainWords(args);
  if (verb === 'policy') out(`${name}:\n  Installed: (none)\n  Candidate: 1.0`);
  return 0;
};

/** `dpkg -s`, `dpkg-query -W`: is it installed? */
export const dpkg: Program = ({ args }) => {
  const { root } = guestPlace();
  if (args.includes('--print-architecture')) out('arm64');
  const asks = args.some((word) => ['-s', '--status', '-W', '-l', '--list'].includes(word));
  const names = plainWords(args).filter((word) => !word.includes('$'));
  const absent = asks ? names.find((name) => !read(list(root)).includes(name)) : undefined;
  if (absent) {
    err(`dpkg-query: package '${absent}' is not installed and no information is available`);
    return 1;
  }
  if (asks) for (const name of names) out(`Package: ${name}\nStatus: install ok installed`);
  return 0;
};
