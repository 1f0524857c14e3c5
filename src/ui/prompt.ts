import type { Clock } from '../system/clock.ts';
import type { Interrupt } from '../system/interrupt.ts';
import type { PromptStreams } from '../system/terminal/prompt-streams.ts';
import type { Stdio } from '../system/terminal/stdio.ts';
import { inCi } from './ci.ts';

export interface Prompter {
  /** Why nobody can be asked, in words that can follow an `and`; undefined if somebody can. */
  readonly refusal: string | undefined;
  /** Returns the answer without surrounding spaces; undefined on Ctrl-C, Ctrl-D and end of input. Throws Interrupted for TERM and HUP. */
  ask(question: string): Promise<string | undefined>;
}

export interface PrompterContext {
  readonly streams: PromptStreams;
  /** The terminal can only print (TERM=dumb). */
  readonly isDumb: boolean;
  readonly refusal: Prompter['refusal'];
  readonly interrupt: Interrupt;
  readonly clock: Clock;
  /** Keeps rusta's own last line off the terminal while a question is open. */
  readonly occupyTerminal: () => Disposable;
  /** Writes to the log, if there is one. */
  readonly tee: ((text: string) => void) | undefined;
}

/** Time for the signal of a closed terminal, which may arrive after the end of input. Milliseconds. */
const HANG_UP_MS = 200;

/** Returns why nobody can be asked, or should be; undefined if a question is in order (D22). Pure. */
export function whyNotToAsk(
  stdio: Pick<Stdio, 'isTerminal'>,
  env: Readonly<Record<string, string>>,
  { json, noInput }: { readonly json: boolean; readonly noInput: boolean },
): string | undefined {
  if (!stdio.isTerminal(0)) return 'stdin is not a TTY to ask on';
  if (json) return '--json never asks';
  if (noInput) return '--no-input was given';
  return inCi(env) ? 'nobody is asked where CI is set' : undefined;
}

/** Makes a prompter that asks on stderr, so that stdout stays data (D2). */
export function createPrompter(context: PrompterContext): Prompter {
  return {
    refusal: context.refusal,
    async ask(question) {
      using _ = context.occupyTerminal();
      const answer = await (context.isDumb ? askPlainly : askOnTerminal)(question, context);
      context.tee?.(`${question}${answer ?? ''}\n`);
      const { received } = context.interrupt;
      // Ctrl-C at a prompt means no. TERM and HUP mean stop.
      if (answer === undefined && received !== undefined && received.signal !== 'SIGINT') throw received;
      return answer;
    },
  };
}

/** Leaves the editing to the terminal's driver: with TERM=dumb readline takes Backspace and Ctrl-U for letters of the answer. */
async function askPlainly(question: string, { streams, interrupt, clock }: PrompterContext): Promise<string | undefined> {
  const answer = await streams.askPlainly(question, interrupt.signal);
  if (answer === undefined && !interrupt.signal.aborted) await clock.sleep(HANG_UP_MS);
  return answer?.trim();
}

/**
 * Asks on a terminal with @clack/core, which edits the line, and adds the ends that it does not know: a line feed typed before the prompt
 * was there, Ctrl-D, the end of input, an error in a handler. The first of them counts.
 */
async function askOnTerminal(question: string, { streams, interrupt, clock }: PrompterContext): Promise<string | undefined> {
  // Loaded only for a question: it costs more than all the rest of the start-up.
  const { TextPrompt, isCancel } = await import('@clack/core');
  const answer = Promise.withResolvers<string | undefined>();
  // Makes clack remove its line from the terminal, unless clack has ended the prompt itself: that would end it twice.
  const closing = new AbortController();
  const end = (line: string | undefined) => {
    answer.resolve(line);
    closing.abort();
  };
  let shown = '';
  using open = streams.open({
    onError(error) {
      answer.reject(error);
      closing.abort();
    },
    onEnd: () => void clock.sleep(HANG_UP_MS).then(() => end(undefined)),
    onReturn: () => void open.output.write(shown),
  });
  const prompt = new TextPrompt({
    input: open.input,
    output: open.output,
    signal: closing.signal,
    render() {
      const isOpen = this.state === 'active' || this.state === 'initial';
      shown = `${question}${isOpen ? withCursor(this.userInput, this.cursor) : this.userInput}`;
      return shown;
    },
  });
  const typed = ['', ''];
  prompt.on('userInput', (line) => typed.unshift(line));
  prompt.on('key', (_char, { name, ctrl }) => {
    if (ctrl && name === 'd' && prompt.userInput === '') end(undefined);
    // The line feed itself has emptied the line.
    if (name === 'enter') end(typed[1]);
  });
  const onInterrupt = () => end(undefined);
  const { signal } = interrupt;
  signal.addEventListener('abort', onInterrupt);
  try {
    if (signal.aborted) return undefined;
    prompt.prompt().then((line) => answer.resolve(isCancel(line) ? undefined : (line ?? '')), answer.reject);
    return (await answer.promise)?.trim();
  } finally {
    signal.removeEventListener('abort', onInterrupt);
  }
}

/**
 * Marks the place where a letter would go, for the terminal's own cursor is hidden. clack's mark amid a line is left out where NO_COLOR is
 * set, as main.ts does for picocolors; it is no colour. Pure.
 */
function withCursor(line: string, cursor: number): string {
  const [letter] = line.slice(cursor);
  if (letter === undefined) return `${line}█`;
  return `${line.slice(0, cursor)}\x1b[7m${letter}\x1b[27m${line.slice(cursor + letter.length)}`;
}
