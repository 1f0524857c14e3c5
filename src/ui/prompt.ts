import type { Clock } from '../system/clock.ts';
import type { Interrupt } from '../system/interrupt.ts';
import { SIGNAL_DELIVERY_MS } from '../system/programs/exit-code.ts';
import type { PromptStreams } from '../system/prompt-streams.ts';

export interface Prompter {
  /** Whether there is a terminal to ask on. */
  readonly interactive: boolean;
  /** The answer without surrounding spaces; undefined on Ctrl-C, Ctrl-D and end of input. Throws Interrupted for TERM and HUP. */
  ask(question: string): Promise<string | undefined>;
}

export interface PrompterContext {
  readonly streams: PromptStreams;
  readonly interrupt: Interrupt;
  readonly clock: Clock;
  /** Writes to the log, if there is one. */
  readonly tee: ((text: string) => void) | undefined;
}

/** Asks on stderr, so that stdout stays data (D2). */
export function createPrompter(context: PrompterContext): Prompter {
  return {
    interactive: context.streams.interactive,
    async ask(question) {
      const answer = await askOnTerminal(question, context);
      context.tee?.(`${question}${answer ?? ''}\n`);
      const { received } = context.interrupt;
      // Ctrl-C is an answer; to be told to end is none.
      if (answer === undefined && received !== undefined && received.signal !== 'SIGINT') throw received;
      return answer;
    },
  };
}

async function askOnTerminal(question: string, context: PrompterContext): Promise<string | undefined> {
  // Loaded only when there is something to ask: it costs more than all the rest of the start-up.
  const { TextPrompt, isCancel } = await import('@clack/core');
  const { input, output } = context.streams.open();
  const abort = new AbortController();
  const stop = () => abort.abort();
  const prompt = new TextPrompt({
    input,
    output,
    signal: AbortSignal.any([abort.signal, context.interrupt.signal]),
    render() {
      const typed = this.state === 'active' || this.state === 'initial' ? this.userInputWithCursor : this.userInput;
      return `${question}${typed}`;
    },
  });
  let line = '';
  let before = '';
  prompt.on('userInput', (typed) => {
    before = line;
    line = typed;
  });
  let early: string | undefined;
  // clack waits for ever when input ends, takes Ctrl-D for a letter, and does not know the line feed that ends a line
  // typed before the prompt was there.
  let ended = false;
  const end = () => {
    ended = true;
    stop();
  };
  input.once('end', end);
  prompt.on('key', (_char, key) => {
    if (key.ctrl && key.name === 'd' && prompt.userInput === '') stop();
    if (key.name !== 'enter') return;
    early = before;
    stop();
  });
  try {
    const answer = await prompt.prompt();
    // The terminal was closed: its signal may be heard after its end.
    if (ended) await context.clock.sleep(SIGNAL_DELIVERY_MS);
    return isCancel(answer) ? early?.trim() : (answer ?? '').trim();
  } finally {
    input.off('end', end);
    context.streams.close();
  }
}
