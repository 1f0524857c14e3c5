import { UNWORDED } from '../e2e/rusta.ts';
import type { Mac } from '../sandbox/mac.ts';
import { processesOf } from '../sandbox/processes.ts';
import type { RunResult } from '../sandbox/spawn.ts';
import { waitUntil } from '../sandbox/wait.ts';

/** A message has an end, however much a program says. */
const LONGEST_ERROR = 600;

interface ExpectedEnd {
  readonly code: number;
  /** One where the code is not 0. */
  readonly errorLines?: number;
}

/** What every end of rusta must have: no stack, an exit code of its own, and one error line where it failed. */
export function checkEnd({ code, signal, stdout, stderr }: RunResult, expected: ExpectedEnd): string[] {
  const { errorLines = expected.code === 0 ? 0 : 1 } = expected;
  const problems: string[] = [];
  if (UNWORDED.test(`${stdout}\n${stderr}`)) problems.push('shows a stack, or what the system said in no words of ours');
  if (code !== expected.code) problems.push(`ended with ${code ?? signal}, not ${expected.code}`);
  const errors = stderr.split('\n').filter((line) => line.startsWith('[error] '));
  if (errors.length !== errorLines) problems.push(`${errors.length} error lines`);
  if (errors.some((line) => line.length > LONGEST_ERROR)) problems.push('the error line has no end');
  return problems.length === 0 ? [] : [...problems, `it said: ${stderr.slice(0, 600)}`];
}

/** Every process that is there now and was not before must end soon, unless it belongs to a VM that may run. */
export async function checkProcesses(mac: Mac, before: ReadonlySet<number>): Promise<string[]> {
  const left = () => (isOn(mac) ? [] : processesOf(mac.root).filter((pid) => !before.has(pid)));
  return waitUntil('the end of all processes', () => left().length === 0).then(
    () => [],
    () => [`left processes: ${left().join(', ')}`],
  );
}

export function isOn(mac: Mac): boolean {
  return mac.vm('lab').exists && mac.vm('lab').isRunning;
}
