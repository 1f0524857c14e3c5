/** Variables of the user's for Bun, which are none of the business of the programs that rusta starts. */
const FOR_BUN = /^BUN_(OPTIONS|INSPECT|BE_BUN|JSC_)/;
/** Those of them on which every program compiled with Bun acts too; the compiler has no switch for that (1.4.5). */
const ACTED_ON = /^BUN_(OPTIONS|INSPECT|BE_BUN|JSC_\w+)$/;

export interface Environment {
  /** What rusta goes by, and hands to the programs that it starts. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of variables that change how rusta itself runs. */
  readonly forBun: readonly string[];
}

/** Reads the environment, less what is meant for Bun, and what would make Tart send traces (docs/tart.md, section 2). */
export function readEnvironment(): Environment {
  const all = Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return {
    env: Object.fromEntries(all.filter(([name]) => name !== 'TRACEPARENT' && !FOR_BUN.test(name))),
    forBun: all.flatMap(([name, value]) => (ACTED_ON.test(name) && value !== '' ? [name] : [])),
  };
}

/** Stands where bytes were no UTF-8 when Bun decoded the command line and the environment. */
const UNDECODED = '\ufffd';

/** Returns the first text that is not what was given: other bytes would reach the guest or name another file. */
export function findUndecoded(texts: readonly string[]): string | undefined {
  return texts.find((text) => text.includes(UNDECODED));
}
