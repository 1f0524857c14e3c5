import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { isPlainVmName, NEW_NAME_RULE } from '../vm/name.ts';

/** Throws RustaError (exit 1) if there is no terminal to ask for the name, which `create` never assumes (spec 4.3). */
export function requireTerminalFor(app: Pick<App, 'prompt'>, suggestion: string): void {
  const { refusal } = app.prompt;
  if (refusal === undefined) return;
  throw new RustaError('not_a_terminal', `VM name is required: ${refusal}`, {
    hint: `Name it on the command line: rusta create ${suggestion}`,
  });
}

export interface ChosenName {
  readonly vm: string;
  /** The name is that of an unfinished VM, which is to be finished. */
  readonly resume: boolean;
}

/** Returns the name that was typed, or a free one for an empty line. Throws RustaError (exit 1) on Ctrl-C and end of input. */
export async function askVmName(app: Pick<App, 'prompt' | 'out' | 'tart' | 'tartFiles' | 'store'>, usual: string): Promise<ChosenName> {
  const vms = await app.tart.list();
  const taken = new Set([...vms.map(({ name }) => name), ...app.tartFiles.names()].map((name) => name.toLowerCase()));
  const suggestion = freeName(usual, taken);
  for (;;) {
    const answer = await app.prompt.ask(`VM name [${suggestion}]: `);
    if (answer === undefined) throw new RustaError('declined', 'no VM name given, nothing was created');
    const name = answer === '' ? suggestion : answer;
    if (!isPlainVmName(name)) {
      app.out.notice(`invalid VM name '${name}': ${NEW_NAME_RULE}.`);
    } else if (!taken.has(name.toLowerCase())) {
      return { vm: name, resume: false };
    } else if (vms.some((vm) => vm.name === name) && (await wantsToResume(app, name))) {
      return { vm: name, resume: true };
    } else {
      app.out.notice(`VM '${name}' already exists: choose another name.`);
    }
  }
}

async function wantsToResume(app: Pick<App, 'prompt' | 'store'>, vm: string): Promise<boolean> {
  const phase = app.store.read().vms.get(vm)?.phase;
  if (phase === undefined) return false;
  const answer = await app.prompt.ask(`VM '${vm}' is not complete, its creation stopped while ${phase}. Go on with it? [y/N] `);
  return /^y(es)?$/i.test(answer ?? '');
}

/** Returns `ubuntu-2404`, else `ubuntu-2404-2` and so on. */
function freeName(usual: string, taken: ReadonlySet<string>): string {
  const numbered = (number: number) => (number === 1 ? usual : `${usual}-${number}`);
  let number = 1;
  while (taken.has(numbered(number).toLowerCase())) number += 1;
  return numbered(number);
}
