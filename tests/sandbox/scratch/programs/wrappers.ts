import { become, ownEnvironment } from '../../standin/exec.ts';
import { err } from '../../standin/io.ts';
import type { Program } from '../../standin/programs.ts';
import { guestPlace, throughShell } from '../environment.ts';
import { mapWord } from '../mapping.ts';

const realProgram = (name: string) => Bun.which(name, { PATH: '/usr/bin:/bin:/usr/local/bin:/opt/homebrew/bin' });

/** Programs that run another: the real one, or, on a host without it, straight to what it would run. */
export const wrapper: Program = ({ program, args }) => {
  const place = guestPlace();
  const name = program.slice('guest:'.length);
  const words = throughShell(
    args.map((word) => mapWord(word, place)),
    place,
  );
  const real = realProgram(name);
  const env = ownEnvironment();
  if (real) become([real, ...words], env, name);
  else become(words.slice(words.findIndex((word) => !/^(-|\d+[smh]?$)/.test(word))), env);
  err(`${name}: no such program`);
  return 127;
};

/** On a descriptor of the calling shell, which does not reach a stand-in, there is nobody to wait for. */
export const flock: Program = (context) => (/^\d+$/.test(context.args.at(-1) ?? '') ? 0 : wrapper(context));

/** The host's clock, which no guest may set: that is only recorded. */
export const date: Program = ({ args }) => {
  if (args.some((word) => /^(-s|--set)/.test(word))) return 0;
  become([realProgram('date') ?? 'date', ...args], ownEnvironment(), 'date');
  return 127;
};
