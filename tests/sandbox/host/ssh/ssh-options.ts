import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface SshTarget {
  readonly host: string;
  readonly user: string;
  /** lower-case option names, command line before ~/.ssh/config */
  readonly options: ReadonlyMap<string, string>;
  readonly identities: readonly string[];
}

export interface SshCommandLine {
  readonly flags: ReadonlySet<string>;
  readonly destination: string;
  readonly rest: readonly string[];
  readonly options: readonly string[];
  readonly identities: readonly string[];
  readonly user: string | undefined;
  /** `-E`: where ssh's own messages go */
  readonly log: string | undefined;
  /** `--` stood before the destination: what follows it is no option, whatever it looks like */
  readonly terminated: boolean;
}

const WITH_VALUE = 'BbcDEeFIiJLlmOoPpQRSWwX';

/** `-p` is a port for ssh, and asks scp to keep modes and times. */
export function parseSsh(args: readonly string[], pOption: 'port' | 'preserve' = 'port'): SshCommandLine {
  const flags = new Set<string>();
  const options: string[] = [];
  const identities: string[] = [];
  let user: string | undefined;
  let log: string | undefined;
  let terminated = false;
  let at = 0;
  for (; at < args.length && args[at]?.startsWith('-') && args[at] !== '-'; at++) {
    const word = args[at] ?? '';
    if (word === '--') {
      terminated = true;
      at++;
      break;
    }
    const letter = word[1] ?? '';
    const takesValue = WITH_VALUE.includes(letter) && !(letter === 'p' && pOption === 'preserve');
    if (!takesValue) {
      for (const flag of word.slice(1)) flags.add(flag);
      continue;
    }
    const value = word.length > 2 ? word.slice(2) : (args[++at] ?? '');
    if (letter === 'o') options.push(value);
    else if (letter === 'i') identities.push(value);
    else if (letter === 'l') user = value;
    else if (letter === 'E') log = value;
  }
  const [destination = '', ...rest] = args.slice(at);
  return { flags, destination, rest, options, identities, user, log, terminated };
}

/** Who is meant, after ~/.ssh/config had its say. */
export function resolveTarget(line: Pick<SshCommandLine, 'options' | 'identities' | 'user'>, destination: string): SshTarget {
  const bare = destination.replace(/^ssh:\/\//, '');
  const cut = bare.lastIndexOf('@');
  const alias = bare.slice(cut + 1);
  const options = new Map<string, string>();
  const identities = [...line.identities];
  const learn = (name: string, value: string) => {
    if (name.toLowerCase() === 'identityfile') identities.push(value);
    else if (!options.has(name.toLowerCase())) options.set(name.toLowerCase(), value);
  };
  for (const text of line.options) {
    const [, name = '', value = ''] = /^(\w+)(?:\s*=\s*|\s+)(.*)$/.exec(text) ?? [];
    learn(name, value);
  }
  for (const [name, value] of configFor(alias)) learn(name, value);
  const user = cut >= 0 ? bare.slice(0, cut) : (line.user ?? options.get('user') ?? process.env['USER'] ?? 'nobody');
  return { host: options.get('hostname') ?? alias, user, options, identities: identities.map(untilde) };
}

const untilde = (path: string) => path.replace(/^~/, process.env['HOME'] ?? '~').replace(/^"(.*)"$/, '$1');

function configFor(alias: string): [string, string][] {
  const path = join(process.env['HOME'] ?? '/', '.ssh/config');
  // A folder in its place reads as an empty file to OpenSSH.
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return [];
  let applies = true;
  const found: [string, string][] = [];
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [, name = '', value = ''] = /^\s*([A-Za-z]+)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line) ?? [];
    if (name.toLowerCase() === 'host') applies = value.split(/\s+/).some((pattern) => globMatches(pattern, alias));
    else if (name !== '' && applies) found.push([name, value]);
  }
  return found;
}

const globMatches = (pattern: string, text: string) => new Bun.Glob(pattern).match(text);
