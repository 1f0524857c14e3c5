import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, out } from '../standin/io.ts';
import type { Program } from '../standin/programs.ts';
import { foundationJson } from '../tart/json.ts';

interface Stored {
  readonly host: string;
  readonly description: string;
}

/** `docker context …` with a store in the home folder, and `docker version`. */
export const docker: Program = ({ args }) => {
  const store = new Store();
  const [group, verb = '', ...rest] = args;
  if (group === '--version' || group === 'version') out('Docker version 28.1.1, build 4eba377');
  if (group !== 'context') return 0;
  const withValue = ['--docker', '--description', '--format', ...(verb === 'inspect' ? ['-f'] : [])];
  const names = rest.filter((word, at) => !word.startsWith('-') && !withValue.includes(rest[at - 1] ?? ''));
  const verbs: Readonly<Record<string, () => number>> = {
    ls: () => store.list(rest),
    list: () => store.list(rest),
    create: () => store.create(names[0] ?? '', rest),
    update: () => store.update(names[0] ?? '', rest),
    inspect: () => store.inspect(names[0] ?? 'default', optionOf(rest, '--format') ?? optionOf(rest, '-f')),
    rm: () => store.remove(names),
    use: () => store.use(names[0] ?? 'default'),
  };
  return verbs[verb]?.() ?? 1;
};

function optionOf(args: readonly string[], name: string): string | undefined {
  const attached = args.find((word) => word.startsWith(`${name}=`));
  if (attached) return attached.slice(name.length + 1);
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}

function fail(text: string): number {
  err(text);
  return 1;
}

class Store {
  /** One file each, as docker has it: two that are made at once do not lose each other. */
  readonly #folder = join(process.env['HOME'] ?? '/', '.docker-contexts');
  readonly #contexts: Record<string, Stored> = readContexts(this.#folder);

  list(args: readonly string[]): number {
    const all = { default: { host: 'unix:///var/run/docker.sock', description: '' }, ...this.#contexts };
    const format = args.includes('-q') || args.includes('--quiet') ? '{{.Name}}' : optionOf(args, '--format');
    for (const [name, { host, description }] of Object.entries(all)) {
      const fields: Readonly<Record<string, string>> = { Name: name, DockerEndpoint: host, Description: description };
      out(format?.replace(/\{\{\s*\.(\w+)\s*\}\}/g, (_, field: string) => fields[field] ?? '') ?? `${name}   ${description}   ${host}`);
    }
    return 0;
  }

  create(name: string, args: readonly string[]): number {
    if (Object.hasOwn(this.#contexts, name)) return fail(`context "${name}" already exists`);
    const code = this.#put(name, args);
    if (code === 0) out(name);
    return code;
  }

  update(name: string, args: readonly string[]): number {
    if (!Object.hasOwn(this.#contexts, name)) return this.#absent(name);
    return this.#put(name, args);
  }

  inspect(name: string, format: string | undefined): number {
    const found = this.#contexts[name];
    if (!found) return this.#absent(name);
    if (format?.includes('.Endpoints.docker.Host')) out(found.host);
    else out(foundationJson([{ Name: name, Metadata: { Description: found.description }, Endpoints: { docker: { Host: found.host } } }]));
    return 0;
  }

  remove(names: readonly string[]): number {
    for (const name of names) {
      if (!Object.hasOwn(this.#contexts, name)) return this.#absent(name);
      rmSync(join(this.#folder, name));
      out(name);
    }
    return 0;
  }

  use(name: string): number {
    if (name !== 'default' && !Object.hasOwn(this.#contexts, name)) return this.#absent(name);
    err(`Current context is now "${name}"`);
    return 0;
  }

  #absent(name: string): number {
    return fail(`context "${name}": context not found: open meta.json: no such file or directory`);
  }

  #put(name: string, args: readonly string[]): number {
    const host = /host=([^,]+)/.exec(optionOf(args, '--docker') ?? '')?.[1];
    if (!host) return fail('docker endpoint configuration is required');
    const description = optionOf(args, '--description') ?? this.#contexts[name]?.description ?? '';
    mkdirSync(this.#folder, { recursive: true });
    const temporary = join(this.#folder, `.${process.pid}`);
    writeFileSync(temporary, JSON.stringify({ host, description }));
    renameSync(temporary, join(this.#folder, name));
    return 0;
  }
}

function readContexts(folder: string): Record<string, Stored> {
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder).filter((name) => !name.startsWith('.'));
  return Object.fromEntries(names.map((name) => [name, JSON.parse(readFileSync(join(folder, name), 'utf8'))]));
}
