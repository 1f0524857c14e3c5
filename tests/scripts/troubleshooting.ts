/** `bun tests/scripts/troubleshooting.ts`: writes what `rusta doctor` looks for into the README, from the checks themselves. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKS } from '../../src/doctor/checks.ts';

const README = join(import.meta.dir, '../..', 'README.md');
const HEAD = '| | what `rusta doctor` finds | what to type |\n| --- | --- | --- |\n';

/** One row a check; the group stands in its first row. */
export function rows(): string[] {
  return CHECKS.map(({ group, title, command }, at) => {
    const isFirst = CHECKS[at - 1]?.group !== group;
    return `| ${isFirst ? group : ''} | ${code(title)} | ${code(command)} |`;
  });
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

if (import.meta.main) {
  const [before, behind] = readFileSync(README, 'utf8').split(HEAD);
  if (before === undefined || behind === undefined) throw new Error('README.md has no table of what doctor finds');
  const rest = behind.slice(behind.search(/^(?!\|)/m));
  writeFileSync(README, `${before}${HEAD}${rows().join('\n')}\n${rest}`);
}
