import { statSync } from 'node:fs';
import { ToolError } from '../../src/errors.ts';
import type { CapturedCommand, Command, Finished } from '../../src/system/programs/command.ts';
import type { Processes } from '../../src/system/programs/processes.ts';
import { failure, type Runner } from '../../src/system/programs/runner.ts';
import { type FakeTart, failed, said } from './fake-tart.ts';

const UID = 501;

/** Where a command is killed: at its n-th program, before that does anything or when it is through. */
export interface Kill {
  readonly at: number;
  readonly when: 'before' | 'after';
  readonly killed: () => void;
}

/** Programs of one rusta. After a kill nothing of it goes on: what it awaits never comes. */
export function fakeRunner(tart: FakeTart, home: string, kill: Kill | undefined) {
  let calls = 0;
  const state = { dead: false };
  const die = () => {
    state.dead = true;
    kill?.killed();
    return new Promise<never>(() => {});
  };
  const answer = ({ program, args, ...options }: Command & Partial<CapturedCommand>): Finished => {
    if (program === 'lsof') return holder(tart, args.at(-1) ?? '');
    if (program === 'ps') return processLine(tart, Number(args.at(-1)));
    if (program !== 'tart') throw new ToolError(program, `'${program}' is not installed`);
    const finished = tart.run(home, args);
    if (args.includes('bash')) options.onLine?.('>>> [1/1] Installing', 'stdout');
    return finished;
  };
  const run = async (command: CapturedCommand): Promise<Finished> => {
    calls += 1;
    if (state.dead || (kill?.at === calls && kill.when === 'before')) return die();
    const finished = answer(command);
    if (kill?.at === calls) return die();
    return finished;
  };
  const runner: Runner = {
    which: (program) => (['tart', 'lsof'].includes(program) ? `/opt/${program}` : undefined),
    run,
    async check(command) {
      const finished = await run(command);
      if (finished.code !== 0) throw failure(command, finished);
      return finished;
    },
    attach: () => Promise.reject(new Error('nothing is attached here')),
    background: () => {},
    detach(command) {
      calls += 1;
      if (state.dead) throw new Error('a dead rusta starts nothing');
      const detached = tart.start(home, command.args);
      // Killed between the start and the pid on file: nothing can be awaited here, so the file is never written.
      if (kill?.at === calls) {
        state.dead = true;
        kill.killed();
        throw new Error('killed');
      }
      return detached;
    },
  };
  const processes: Processes = {
    pid: 1,
    uid: UID,
    isAlive: (pid) => tart.lives.has(pid),
    signal: (pid) => !state.dead && tart.end(pid),
  };
  return { runner, processes, state };
}

function processLine(tart: FakeTart, pid: number): Finished {
  const life = tart.lives.get(pid);
  return life === undefined ? failed('', 1) : said(`  ${UID} ${life.argv}\n`);
}

function holder(tart: FakeTart, configFile: string): Finished {
  const lock = String(statSync(configFile).ino);
  const life = [...tart.lives.values()].find((candidate) => candidate.lock === lock);
  return life === undefined ? failed('', 1) : said(`${life.pid}\n`);
}
