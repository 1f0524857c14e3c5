import type { App } from '../app.ts';
import { parseStep, parseWarning } from '../guest/provisioning/provision-script.ts';
import { appendToNewPrivateFile } from '../system/files/private-files.ts';
import { stripControl } from '../text/control.ts';
import type { Steps } from './steps.ts';

const KEPT_LINES = 15;

interface Heard {
  /** The running step of the script, as errors name it; undefined before the first. */
  readonly step: string | undefined;
  /** The last lines of the output. */
  readonly recent: readonly string[];
  /** Those of the last lines that the running step printed. */
  readonly sinceStep: readonly string[];
}

interface ScriptListener {
  hear(line: string): void;
  heard(): Heard;
}

export interface ListenerOptions {
  readonly steps: Steps;
  /** The names of the script's steps in the ledger, in their order. */
  readonly names: readonly string[];
}

/** Keeps and shows the output of the provisioning script, and remembers its running step. Throws FileError. */
export function listenToScript(
  app: Pick<App, 'out' | 'paths' | 'progress' | 'verbose'>,
  vm: string,
  { steps, names }: ListenerOptions,
): ScriptListener {
  const keep = appendToNewPrivateFile(app.paths.provisionLog(vm));
  const recent: string[] = [];
  let step: string | undefined;
  let linesOfStep = 0;
  const hear = (raw: string) => {
    const line = stripControl(raw);
    const warning = parseWarning(line);
    keep(`${line}\n`);
    if (warning === undefined) app.out.program(line, app.verbose);
    else app.out.warn(warning);
    if (line.trim() === '') return;
    recent.push(line);
    linesOfStep += 1;
    if (recent.length > KEPT_LINES) recent.shift();
    const announced = parseStep(line);
    if (announced !== undefined) {
      linesOfStep = 0;
      step = `in step ${announced.n} of ${announced.of}, ${announced.title}`;
      steps.begin(names[announced.n - 1] ?? announced.title, `[${announced.n}/${announced.of}] ${announced.title}`);
      return;
    }
    app.progress.detail(line);
  };
  const sinceStep = () => (linesOfStep === 0 ? [] : recent.slice(-linesOfStep));
  return { hear, heard: () => ({ step, recent, sinceStep: sinceStep() }) };
}
