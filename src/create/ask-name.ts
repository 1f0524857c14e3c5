import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { isVmName } from '../vm/name.ts';

/** Spec 4.3: `create` never assumes a name. Throws RustaError (exit 1) where there is no terminal to ask for it. */
export function requireTerminalFor(app: Pick<App, 'prompt'>, suggestion: string): void {
  if (app.prompt.interactive) return;
  throw new RustaError('not_a_terminal', 'VM name is required: stdin is not a TTY to ask on', {
    hint: `Name it on the command line: rusta create ${suggestion}`,
  });
}

/** The name typed, or the suggestion for an empty line. Throws RustaError (exit 1) on Ctrl-C and end of input. */
export async function askVmName(app: Pick<App, 'prompt' | 'out'>, suggestion: string): Promise<string> {
  for (;;) {
    const answer = await app.prompt.ask(`VM name [${suggestion}]: `);
    if (answer === undefined) throw new RustaError('declined', 'no VM name given, nothing was created');
    const name = answer === '' ? suggestion : answer;
    if (isVmName(name)) return name;
    app.out.notice(`invalid VM name '${name}': use letters, digits, '.', '_' and '-', beginning with a letter or digit.`);
  }
}
