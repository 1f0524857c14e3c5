import type { App } from '../app.ts';
import type { VmRecord } from '../state/record.ts';
import { quote } from '../text/shell.ts';
import { IMAGE_CREDENTIALS } from '../vm/credentials.ts';
import type { CreatePlan } from './plan.ts';

/** Says that a VM exists already, what it lacks of what was asked for, and how to make it anew (spec 4.3). */
export function sayExisting(
  app: Pick<App, 'out' | 'tartFiles'>,
  asked: CreatePlan,
  record: VmRecord | undefined,
  isRunning: boolean,
): void {
  const { vm } = asked;
  app.out.skip(`VM '${vm}' already exists`);
  const differences = [...differencesOf(app, asked, record), ...(asked.up && !isRunning ? ['--up'] : [])];
  if (differences.length > 0) app.out.note(`It stays as it is. Not done: ${differences.join(', ')}`);
  app.out.note(`To recreate: rusta delete ${quote(vm)} && rusta create ${recreateWords(vm, record).join(' ')}`);
}

/** Returns the words after `rusta create` that make such a VM again, with dots for what is not known. */
function recreateWords(vm: string, record: VmRecord | undefined): string[] {
  const { flags = ['...'], password, shares = [] } = record ?? {};
  // A copy has the login of its source.
  const needsPassword = password !== undefined && !flags.includes('--from');
  return [
    quote(vm),
    ...flags.map((word) => (word === '...' ? word : quote(word))),
    ...shares.flatMap((share) => ['--share', quote(share)]),
    ...(needsPassword ? ['--password ...'] : []),
  ];
}

function differencesOf({ tartFiles }: Pick<App, 'tartFiles'>, asked: CreatePlan, record: VmRecord | undefined): string[] {
  const folder = tartFiles.look(asked.vm);
  const { sizes, login, flags } = asked;
  const number = (flag: string, wanted: number | undefined, has: number | undefined, unit: string) =>
    wanted === undefined || wanted === has ? [] : [`${flag} ${wanted}${has === undefined ? '' : ` (it has ${has}${unit})`}`];
  const user = record?.user ?? IMAGE_CREDENTIALS.user;
  return [
    ...number('--cpus', sizes.cpus, folder?.cpus, ''),
    ...number('--memory', sizes.memoryMb, folder?.memoryMb, ' MB'),
    ...number('--disk', sizes.diskGb, folder?.diskGb, ' GB'),
    ...(asked.desktop !== undefined && !has(record?.flags, '--gui', asked.desktop.name) ? [`--gui ${asked.desktop.name}`] : []),
    ...['--from', '--script', '--version', '--image', '--source', '--image-ref'].flatMap((flag) => {
      const wanted = valueIn(flags, flag);
      return wanted === undefined || has(record?.flags, flag, wanted) ? [] : [`${flag} ${quote(wanted)}`];
    }),
    ...(login.user === undefined || login.user === user ? [] : [`--user ${login.user} (it is ${user})`]),
  ];
}

function has(flags: readonly string[] | undefined, flag: string, value: string): boolean {
  return valueIn(flags, flag) === value;
}

/** Returns the value of a flag among words. */
export function valueIn(flags: readonly string[] | undefined, flag: string): string | undefined {
  const at = flags?.indexOf(flag) ?? -1;
  return at < 0 ? undefined : flags?.[at + 1];
}
