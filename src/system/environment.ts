/** Variables by which users instruct Bun. They are not meant for the programs that rusta starts. */
const FOR_BUN = /^BUN_(OPTIONS|INSPECT|BE_BUN|JSC_)/;
/** Those on which every program compiled with Bun acts as well; the compiler has no switch for that (1.4.5). */
const ACTED_ON = /^BUN_(OPTIONS|INSPECT|BE_BUN|JSC_\w+)$/;

export interface Environment {
  /** The variables that rusta reads, and hands on to the programs that it starts. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of variables that change how rusta itself runs. */
  readonly forBun: readonly string[];
}

/** Reads the environment without the variables for Bun, and without those that would make Tart send traces (docs/tart.md, section 2). */
export function readEnvironment(): Environment {
  const all = Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return {
    env: Object.fromEntries(all.filter(([name]) => name !== 'TRACEPARENT' && !FOR_BUN.test(name))),
    forBun: all.flatMap(([name, value]) => (ACTED_ON.test(name) && value !== '' ? [name] : [])),
  };
}

/** Bun decodes the command line and the environment, and replaces bytes that are not UTF-8 by this. */
const UNDECODED = '\ufffd';

/** Returns the first text that holds replaced bytes; undefined if none does. It would reach the guest changed, or name another file. */
export function findUndecoded(texts: readonly string[]): string | undefined {
  return texts.find((text) => text.includes(UNDECODED));
}
