import type { Context } from '../standin/context.ts';
import { err, out, write } from '../standin/io.ts';
import type { Loader } from './command-line/command.ts';
import { helpOf, rootHelp } from './command-line/help.ts';
import { HelpWanted, parseArguments } from './command-line/parse.ts';
import { type SubcommandName, specs } from './command-line/specs.ts';
import { TartFailure, usageError } from './errors.ts';
import { collectQuietly } from './store/garbage.ts';
import { openHome } from './store/home.ts';

const loaders: Readonly<Record<SubcommandName, Loader>> = {
  list: async () => (await import('./commands/list.ts')).list,
  get: async () => (await import('./commands/get.ts')).get,
  clone: async () => (await import('./commands/clone.ts')).clone,
  pull: async () => (await import('./commands/pull.ts')).pull,
  set: async () => (await import('./commands/set.ts')).set,
  run: async () => (await import('./commands/run.ts')).run,
  stop: async () => (await import('./commands/stop.ts')).stop,
  suspend: async () => (await import('./commands/stop.ts')).suspend,
  ip: async () => (await import('./commands/ip.ts')).ip,
  delete: async () => (await import('./commands/delete.ts')).remove,
  rename: async () => (await import('./commands/rename.ts')).rename,
  create: async () => (await import('./commands/create.ts')).create,
  prune: async () => (await import('./commands/registry-commands.ts')).prune,
  login: async () => (await import('./commands/registry-commands.ts')).login,
  logout: async () => (await import('./commands/registry-commands.ts')).logout,
  fqn: async () => (await import('./commands/registry-commands.ts')).fqn,
};

const isSubcommand = (name: string): name is SubcommandName => Object.hasOwn(specs, name);

export async function tart(context: Context): Promise<number> {
  try {
    return await dispatch(context);
  } catch (error) {
    if (!(error instanceof TartFailure)) throw error;
    err(error.message);
    return error.code;
  }
}

async function dispatch(context: Context): Promise<number> {
  const [first, ...rest] = context.args;
  if (first === '--version') return say(context.knobs().tartVersion);
  if (first === undefined || first === '-h' || first === '--help') return help(rootHelp());
  if (first === 'help') return help(rest[0] !== undefined && isSubcommand(rest[0]) ? helpOf(specs[rest[0]]) : rootHelp());
  // Tart handles SIGINT as cancellation from the very start; who has no point of cancellation goes on.
  process.on('SIGINT', () => {});
  if (first === 'exec') return (await import('./commands/exec.ts')).exec(context, rest);
  if (!isSubcommand(first)) throw usageError(first.startsWith('-') ? `Unknown option '${first}'` : `Unexpected argument '${first}'`);
  try {
    const args = parseArguments(specs[first], rest);
    const home = openHome();
    const subcommand = await loaders[first]();
    // `run` opens its VM while arguments are still being validated, before the garbage goes.
    if (first === 'run') (await import('./command-line/run-options.ts')).validateRun(home, args);
    if (first !== 'clone' && first !== 'pull') collectQuietly(home);
    return await subcommand({ context, home, args });
  } catch (error) {
    if (!(error instanceof HelpWanted)) throw error;
    return help(helpOf(specs[first]));
  }
}

function say(text: string): number {
  out(text);
  return 0;
}

function help(text: string): number {
  write(1, text);
  return 0;
}
