import { out } from '../standin/io.ts';
import type { Program } from '../standin/programs.ts';

export const uname: Program = ({ args, knobs }) => {
  const { machine } = knobs();
  const answers: Readonly<Record<string, string>> = { '-m': machine, '-s': 'Darwin', '-r': '25.0.0', '-sm': `Darwin ${machine}` };
  out(answers[args[0] ?? '-s'] ?? `Darwin mac 25.0.0 Darwin Kernel Version 25.0.0 ${machine}`);
  return 0;
};

export const guestUname: Program = ({ args }) => {
  const answers: Readonly<Record<string, string>> = { '-m': 'aarch64', '-s': 'Linux', '-r': '6.8.0-31-generic' };
  out(answers[args[0] ?? '-s'] ?? 'Linux ubuntu 6.8.0-31-generic #31-Ubuntu SMP aarch64 GNU/Linux');
  return 0;
};
