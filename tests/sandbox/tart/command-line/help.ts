import type { CommandSpec } from './parse.ts';
import { execSpec, specs } from './specs.ts';

export const helpOf = (spec: Pick<CommandSpec, 'name' | 'usage' | 'about'>): string =>
  `OVERVIEW: ${spec.about}\n\nUSAGE: tart ${spec.name} ${spec.usage}\n\nOPTIONS:\n  --version               Show the version.\n  -h, --help              Show help information.\n\n`;

export function rootHelp(): string {
  const hidden: readonly string[] = ['fqn'];
  const lines = [...Object.values<CommandSpec>(specs), execSpec]
    .filter(({ name }) => !hidden.includes(name))
    .map(({ name, about }) => `  ${name.padEnd(24)}${about}`);
  return `USAGE: tart <subcommand>\n\nOPTIONS:\n  --version               Show the version.\n  -h, --help              Show help information.\n\nSUBCOMMANDS:\n${lines.join('\n')}\n\n  See 'tart help <subcommand>' for detailed help.\n`;
}
