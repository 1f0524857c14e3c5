import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { padToWidth, textWidth } from '../system/terminal/text-width.ts';
import { cellText } from '../text/control.ts';
import type { Vm } from '../tools/tart/list.ts';

/**
 * Lets the user choose a VM by its number (spec 3.3), and asks again after a wrong one. Throws RustaError (exit 1) for an empty answer,
 * Ctrl-C and Ctrl-D.
 */
export async function pickVm(app: Pick<App, 'prompt' | 'out'>, vms: readonly Vm[]): Promise<Vm> {
  app.out.notice('No default VM is set. Pick one:');
  for (const line of pickerLines(vms)) app.out.notice(line);
  for (;;) {
    const answer = await app.prompt.ask('> ');
    if (answer === undefined || answer === '') throw new RustaError('declined', 'no VM chosen, nothing was done');
    const vm = /^\d+$/.test(answer) ? vms[Number(answer) - 1] : vms.find((candidate) => candidate.name === answer);
    if (vm) return vm;
    app.out.notice(`'${answer}' is not one of the numbers 1 to ${vms.length}.`);
  }
}

/** Returns the lines of the choice, with numbers right-aligned and names padded, so that the states form a column. */
export function pickerLines(vms: readonly Vm[]): string[] {
  const numberWidth = String(vms.length).length;
  const names = vms.map(({ name }, index) => `  ${String(index + 1).padStart(numberWidth)}) ${cellText(name)}`);
  const width = Math.max(...names.map(textWidth));
  return vms.map(({ status }, index) => `${padToWidth(names[index] ?? '', width)}   (${status})`);
}
